// The plain coder: the format as it is told.
#include "adaptive_coder.h"

#include <algorithm>

namespace {

constexpr uint32_t quarter = 1u << 14;
constexpr uint32_t half = 1u << 15;
constexpr uint32_t max_total = 16384;
constexpr int alphabet = 256;

class Model {
public:
    Model() {
        std::fill_n(counts_, alphabet, 1u);
        rebuild();
    }

    uint32_t total() const { return sums_[alphabet]; }
    uint32_t below(int symbol) const { return sums_[symbol]; }
    uint32_t count(int symbol) const { return counts_[symbol]; }

    // The symbol whose part of the sums holds c.
    int find(uint32_t c) const {
        return static_cast<int>(std::upper_bound(sums_ + 1, sums_ + alphabet, c) - (sums_ + 1));
    }

    void update(int symbol) {
        ++counts_[symbol];
        if (total() + 1 > max_total) {
            for (uint32_t& count : counts_) {
                count = std::max(1u, count >> 1);
            }
        }
        rebuild();
    }

private:
    void rebuild() {
        uint32_t sum = 0;
        for (int i = 0; i < alphabet; ++i) {
            sums_[i] = sum;
            sum += counts_[i];
        }
        sums_[alphabet] = sum;
    }

    uint32_t counts_[alphabet];
    uint32_t sums_[alphabet + 1];
};

class BitWriter {
public:
    BitWriter(uint8_t* bytes, int64_t room) : bytes_(bytes), room_(room) {}

    void put(uint32_t bit) {
        current_ |= bit << used_;
        if (++used_ == 8) {
            store();
        }
    }

    // The length of the padded stream, or -1.
    int64_t finish() {
        if (used_ > 0) {
            store();
        }
        return length_ <= room_ ? length_ : -1;
    }

private:
    void store() {
        if (length_ < room_) {
            bytes_[length_] = static_cast<uint8_t>(current_);
        }
        ++length_;
        current_ = 0;
        used_ = 0;
    }

    uint8_t* bytes_;
    int64_t room_;
    int64_t length_ = 0;
    uint32_t current_ = 0;
    int used_ = 0;
};

class BitReader {
public:
    BitReader(const uint8_t* bytes, int64_t length) : bytes_(bytes), length_(length) {}

    uint32_t next() {
        const int64_t at = position_ >> 3;
        const uint32_t bit = at < length_ ? (bytes_[at] >> (position_ & 7)) & 1u : 0u;
        ++position_;
        return bit;
    }

private:
    const uint8_t* bytes_;
    int64_t length_;
    int64_t position_ = 0;
};

class Encoder {
public:
    explicit Encoder(BitWriter& writer) : writer_(writer) {}

    void encode(int symbol) {
        low_ += range_ * model_.below(symbol) / model_.total();
        range_ = std::max(1u, range_ * model_.count(symbol) / model_.total());
        model_.update(symbol);
        while (range_ < quarter) {
            if (low_ >= half) {
                put(1);
                low_ -= half;
            } else if (low_ < quarter) {
                put(0);
            } else {
                ++outstanding_;
                low_ -= quarter;
            }
            low_ <<= 1;
            range_ <<= 1;
        }
    }

    void finish() {
        for (int symbol : {0, 1, 0, 1}) {
            encode(symbol);
        }
        put(low_ >> 15);
        writer_.put((low_ >> 14) & 1u);
        writer_.put(1);
    }

private:
    void put(uint32_t bit) {
        writer_.put(bit);
        for (; outstanding_ > 0; --outstanding_) {
            writer_.put(bit ^ 1u);
        }
    }

    Model model_;
    BitWriter& writer_;
    uint32_t low_ = 0;
    uint32_t range_ = half - 2;
    int64_t outstanding_ = 0;
};

class Decoder {
public:
    explicit Decoder(BitReader& reader) : reader_(reader) {
        for (int i = 0; i < 16; ++i) {
            value_ = (value_ << 1) | reader_.next();
        }
    }

    int decode() {
        const uint32_t c = ((value_ - low_ + 1) * model_.total() - 1) / range_;
        const int symbol = model_.find(c);
        low_ += range_ * model_.below(symbol) / model_.total();
        range_ = std::max(1u, range_ * model_.count(symbol) / model_.total());
        model_.update(symbol);
        while (range_ < quarter) {
            const uint32_t off = low_ >= half ? half : low_ < quarter ? 0 : quarter;
            low_ = (low_ - off) << 1;
            value_ = ((value_ - off) << 1) | reader_.next();
            range_ <<= 1;
        }
        return symbol;
    }

private:
    Model model_;
    BitReader& reader_;
    uint32_t low_ = 0;
    uint32_t range_ = half - 2;
    uint32_t value_ = 0;
};

}  // namespace

int64_t plain_encode(const uint8_t* symbols, int64_t count, uint8_t* stream, int64_t room) {
    BitWriter writer(stream, room);
    Encoder encoder(writer);
    for (int64_t i = 0; i < count; ++i) {
        encoder.encode(symbols[i]);
    }
    encoder.finish();
    return writer.finish();
}

void plain_decode(const uint8_t* stream, int64_t length, uint8_t* symbols, int64_t count) {
    BitReader reader(stream, length);
    Decoder decoder(reader);
    for (int64_t i = 0; i < count; ++i) {
        symbols[i] = static_cast<uint8_t>(decoder.decode());
    }
}
