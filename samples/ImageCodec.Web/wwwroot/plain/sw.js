import '../imagecodec/icd-service-worker.js';
