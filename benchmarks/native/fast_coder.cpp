// The fast coder: sums in two levels of 16 kept by vector additions, division by the total as a multiplication, a search by
// vector comparison, and renormalisation by all bits at once. The compiler's vector extensions stand for the instruction set.
#include "adaptive_coder.h"

#include <cstring>
#include <memory>

#if defined(__GNUC__) || defined(__clang__)

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace {

constexpr uint32_t max_total = 16384;
constexpr int shift_of_reciprocal = 43;

typedef int32_t Row __attribute__((vector_size(64)));

// For every total d, floor(2^43 / d) + 1: right for all numerators below 2^29.
struct Reciprocals {
    uint64_t table[max_total + 1];
    Reciprocals() {
        table[0] = 0;
        for (uint64_t d = 1; d <= max_total; ++d) {
            table[d] = (uint64_t{1} << shift_of_reciprocal) / d + 1;
        }
    }
};

const Reciprocals reciprocals;

struct alignas(64) Above {
    Row rows[16];
    Above() {
        for (int r = 0; r < 16; ++r) {
            for (int i = 0; i < 16; ++i) {
                rows[r][i] = i > r;
            }
        }
    }
};

const Above above;

struct alignas(64) Model {
    Row groups;
    Row inner[16];
    int32_t counts[256];
    uint32_t total = 256;

    Model() {
        for (int i = 0; i < 256; ++i) {
            counts[i] = 1;
            inner[i >> 4][i & 15] = i & 15;
        }
        for (int i = 0; i < 16; ++i) {
            groups[i] = 16 * i;
        }
    }

    uint32_t group_sum(int group) const { return reinterpret_cast<const uint32_t*>(&groups)[group]; }
    uint32_t inner_sum(int symbol) const { return reinterpret_cast<const uint32_t*>(inner)[symbol]; }

    void add(int symbol) {
        ++counts[symbol];
        inner[symbol >> 4] += above.rows[symbol & 15];
        groups += above.rows[symbol >> 4];
        if (total < max_total) {
            ++total;
        } else {
            halve();
        }
    }

    __attribute__((noinline)) void halve() {
        int32_t sum = 0;
        for (int g = 0; g < 16; ++g) {
            groups[g] = sum;
            int32_t in_group = 0;
            for (int s = 0; s < 16; ++s) {
                int32_t& count = counts[16 * g + s];
                inner[g][s] = in_group;
                count = count > 1 ? count >> 1 : 1;
                in_group += count;
            }
            sum += in_group;
        }
        total = static_cast<uint32_t>(sum);
    }
};

inline uint32_t places_below(const Row& sums, int32_t range, int32_t target) {
#if defined(__AVX512F__)
    const __m512i products = _mm512_mullo_epi32(_mm512_load_si512(&sums), _mm512_set1_epi32(range));
    return static_cast<uint32_t>(_mm512_cmplt_epi32_mask(products, _mm512_set1_epi32(target)));
#else
    const Row smaller = sums * range < target;
    uint32_t mask = 0;
    for (int i = 0; i < 16; ++i) {
        mask |= (static_cast<uint32_t>(smaller[i]) & 1u) << i;
    }
    return mask;
#endif
}

inline int find(const Row& sums, int32_t range, int32_t target) {
    return __builtin_popcount(places_below(sums, range, target)) - 1;
}

inline uint32_t reverse(uint32_t x) {
    x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
    x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
    x = ((x >> 4) & 0x0F0F0F0Fu) | ((x & 0x0F0F0F0Fu) << 4);
    return __builtin_bswap32(x);
}

// Range is 1 to 2^15 - 1; the places that bring it to 2^14.
inline int places_to_shift(uint32_t range) { return __builtin_clz(range | 1u) - 17; }

struct Writer {
    uint8_t* at;
    uint8_t* end;
    uint32_t waiting = 0;
    bool is_waiting = false;
    int64_t ones_behind = 0;
    bool full = false;

    void store(uint32_t word) {
        if (end - at < 4) {
            full = true;
            return;
        }
        word = reverse(word);
        std::memcpy(at, &word, 4);
        at += 4;
    }

    void settle(uint32_t carry) {
        if (is_waiting) {
            store(waiting + carry);
            for (; ones_behind > 0; --ones_behind) {
                store(0xFFFFFFFFu + carry);
            }
            is_waiting = false;
        }
    }

    void hand_over(uint64_t word) {
        if (word == 0xFFFFFFFFu && is_waiting) {
            ++ones_behind;
            return;
        }
        settle(static_cast<uint32_t>(word >> 32));
        waiting = static_cast<uint32_t>(word);
        is_waiting = true;
    }
};

struct Encoder {
    Model model;
    Writer writer;
    uint64_t low = 0;
    uint32_t range = (1u << 15) - 2;
    int undecided = 0;

    void encode(const uint8_t* symbols, int64_t count) {
        uint64_t l = low;
        uint32_t r = range;
        int u = undecided;
        for (int64_t i = 0; i < count; ++i) {
            const int symbol = symbols[i];
            const uint64_t scaled = r * reciprocals.table[model.total];
            l += (scaled * (model.group_sum(symbol >> 4) + model.inner_sum(symbol))) >> shift_of_reciprocal;
            r = static_cast<uint32_t>((scaled * static_cast<uint32_t>(model.counts[symbol])) >> shift_of_reciprocal);
            model.add(symbol);
            const int shift = places_to_shift(r);
            r <<= shift;
            l <<= shift;
            u += shift;
            if (u >= 32) {
                u -= 32;
                writer.hand_over(l >> (u + 16));
                l &= (uint64_t{1} << (u + 16)) - 1;
            }
        }
        low = l;
        range = r;
        undecided = u;
    }

    void finish() {
        const uint8_t closing[4] = {0, 1, 0, 1};
        encode(closing, 4);
        const int digits = undecided + 3;
        const uint64_t last = (((low >> 14) << 1) | 1u) << (40 - digits);
        writer.settle(static_cast<uint32_t>(last >> 40));
        for (int i = 0; 8 * i < digits; ++i) {
            if (writer.at == writer.end) {
                writer.full = true;
                return;
            }
            *writer.at++ = static_cast<uint8_t>(reverse(static_cast<uint32_t>(last >> (32 - 8 * i)) << 24));
        }
    }
};

}  // namespace

int64_t fast_encode(const uint8_t* symbols, int64_t count, uint8_t* stream, int64_t room) {
    Encoder encoder{Model(), Writer{stream, stream + room}};
    encoder.encode(symbols, count);
    encoder.finish();
    return encoder.writer.full ? -1 : encoder.writer.at - stream;
}

void fast_decode(const uint8_t* stream, int64_t length, uint8_t* symbols, int64_t count) {
    Model model;
    int64_t position = 0;
    const auto next_word = [&]() {
        uint32_t word = 0;
        if (position + 4 <= length) {
            std::memcpy(&word, stream + position, 4);
        } else {
            for (int i = 0; i < 4 && position + i < length; ++i) {
                word |= static_cast<uint32_t>(stream[position + i]) << (8 * i);
            }
        }
        position += 4;
        return reverse(word);
    };
    uint64_t difference = static_cast<uint64_t>(next_word()) << 32;
    difference |= next_word();
    int ahead = 48;
    uint32_t range = (1u << 15) - 2;
    for (int64_t i = 0; i < count; ++i) {
        const uint64_t scaled = range * reciprocals.table[model.total];
        int32_t target = static_cast<int32_t>((static_cast<uint32_t>(difference >> 48) + 1) * model.total);
        const int group = find(model.groups, static_cast<int32_t>(range), target);
        const uint32_t group_sum = model.group_sum(group);
        target -= static_cast<int32_t>(range * group_sum);
        const int symbol = 16 * group + find(model.inner[group], static_cast<int32_t>(range), target);
        symbols[i] = static_cast<uint8_t>(symbol);
        difference -= ((scaled * (group_sum + model.inner_sum(symbol))) >> shift_of_reciprocal) << 48;
        range = static_cast<uint32_t>((scaled * static_cast<uint32_t>(model.counts[symbol])) >> shift_of_reciprocal);
        model.add(symbol);
        const int shift = places_to_shift(range);
        range <<= shift;
        difference <<= shift;
        ahead -= shift;
        if (ahead <= 16) {
            difference |= static_cast<uint64_t>(next_word()) << (16 - ahead);
            ahead += 32;
        }
    }
}

#else

// Other compilers have no vector extensions; the plain coder stands in.
int64_t fast_encode(const uint8_t* symbols, int64_t count, uint8_t* stream, int64_t room) {
    return plain_encode(symbols, count, stream, room);
}

void fast_decode(const uint8_t* stream, int64_t length, uint8_t* symbols, int64_t count) {
    plain_decode(stream, length, symbols, count);
}

#endif
