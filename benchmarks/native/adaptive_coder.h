// The adaptive order-0 arithmetic coder in C++, written from the description of its format, to measure the managed coder against.
// Every function returns the number of bytes written or read into use, or -1 where the room given is too small.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#define CODER_API extern "C" __declspec(dllexport)
#else
#define CODER_API extern "C" __attribute__((visibility("default")))
#endif

// One bit at a time, the cumulative counts rebuilt after each symbol.
CODER_API int64_t plain_encode(const uint8_t* symbols, int64_t count, uint8_t* stream, int64_t room);
CODER_API void plain_decode(const uint8_t* stream, int64_t length, uint8_t* symbols, int64_t count);

// The same stream, as fast as it could be made with vectors of the machine at hand.
CODER_API int64_t fast_encode(const uint8_t* symbols, int64_t count, uint8_t* stream, int64_t room);
CODER_API void fast_decode(const uint8_t* stream, int64_t length, uint8_t* symbols, int64_t count);
