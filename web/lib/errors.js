/** What is wrong with a file, or with what is asked of it. The code is for programs, the message for people. */
export class IcdError extends Error {
  /**
   * @param {string} code One of those that index.d.ts lists.
   * @param {string} message What is wrong.
   */
  constructor(code, message) {
    super(message);
    this.name = 'IcdError';
    this.code = code;
  }
}

/** The error of a damaged file. */
export const damaged = problem => new IcdError('damaged', `The file is damaged: ${problem}.`);
