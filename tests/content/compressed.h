// SPDX-License-Identifier: Apache-2.0
// Compressed bodies for tests, each made by the library that decodes it, and compress(1)'s by a slow encoder.
#ifndef GANDER_TESTS_CONTENT_COMPRESSED_H_
#define GANDER_TESTS_CONTENT_COMPRESSED_H_

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zstd.h>

#include <cstdlib>
#include <map>
#include <string>

namespace gander::content {

// `window_log`: 0 = as the level has it.
inline std::string Zstd(const std::string& plain, int level = 3, int window_log = 0, bool known_size = true) {
  ZSTD_CCtx* const c = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, window_log);
  ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
  if (known_size) ZSTD_CCtx_setPledgedSrcSize(c, plain.size());
  std::string out(ZSTD_compressBound(plain.size()) + 64, '\0');
  ZSTD_inBuffer from = {plain.data(), plain.size(), 0};
  ZSTD_outBuffer to = {out.data(), out.size(), 0};
  // Not in one call: the size would be known then.
  if (!known_size) ZSTD_compressStream2(c, &to, &from, ZSTD_e_continue);
  while (ZSTD_compressStream2(c, &to, &from, ZSTD_e_end) != 0) {
  }
  out.resize(to.pos);
  ZSTD_freeCCtx(c);
  return out;
}

inline std::string Bzip2(const std::string& plain, int level = 9) {
  auto size = static_cast<unsigned>(plain.size() + plain.size() / 100 + 700);
  std::string out(size, '\0');
  BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(plain.data()), static_cast<unsigned>(plain.size()),
                           level, 0, 0);
  out.resize(size);
  return out;
}

inline std::string Lz4(const std::string& plain, LZ4F_blockSizeID_t block = LZ4F_max64KB, bool linked = true) {
  LZ4F_preferences_t how{};
  how.frameInfo.blockSizeID = block;
  how.frameInfo.blockMode = linked ? LZ4F_blockLinked : LZ4F_blockIndependent;
  how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  std::string out(LZ4F_compressFrameBound(plain.size(), &how), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), &how));
  return out;
}

inline std::string RunLzma(lzma_stream& s, const std::string& plain) {
  std::string out(plain.size() + plain.size() / 2 + 4096, '\0');
  s.next_in = reinterpret_cast<const std::uint8_t*>(plain.data());
  s.avail_in = plain.size();
  s.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  s.avail_out = out.size();
  while (lzma_code(&s, LZMA_FINISH) == LZMA_OK) {
  }
  out.resize(s.total_out);
  lzma_end(&s);
  return out;
}

// `dictionary`: bytes, 0 = as the preset has it.
inline std::string Lzma(const std::string& plain, std::uint32_t preset = 6, std::uint32_t dictionary = 0) {
  lzma_options_lzma how;
  lzma_lzma_preset(&how, preset);
  if (dictionary != 0) how.dict_size = dictionary;
  lzma_stream s = LZMA_STREAM_INIT;
  if (lzma_alone_encoder(&s, &how) != LZMA_OK) std::abort();
  return RunLzma(s, plain);
}

// `first`: LZMA_VLI_UNKNOWN, or a filter before LZMA2.
inline std::string Xz(const std::string& plain, std::uint32_t preset = 6, lzma_check check = LZMA_CHECK_CRC64,
                      lzma_vli first = LZMA_VLI_UNKNOWN) {
  lzma_options_lzma how;
  lzma_lzma_preset(&how, preset);
  lzma_filter filters[] = {{first, nullptr}, {LZMA_FILTER_LZMA2, &how}, {LZMA_VLI_UNKNOWN, nullptr}};
  lzma_stream s = LZMA_STREAM_INIT;
  if (lzma_stream_encoder(&s, first == LZMA_VLI_UNKNOWN ? filters + 1 : filters, check) != LZMA_OK) std::abort();
  return RunLzma(s, plain);
}

// One member: the header, what lzma_alone_encoder() writes behind its own, checksum and sizes.
inline std::string Lzip(const std::string& plain) {
  constexpr char kLog = 20;  // of the dictionary
  std::string out = std::string("LZIP\x01") + kLog + Lzma(plain, 1).substr(13);
  const auto little = [&](std::uint64_t v, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(v >> 8 * i);
  };
  little(lzma_crc32(reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size(), 0), 4);
  little(plain.size(), 8);
  little(out.size() + 8, 8);
  return out;
}

// compress(1) with codes of up to `max_bits`; the table is emptied when it is full, if `block_mode`.
class Compressor {
 public:
  Compressor(unsigned max_bits, bool block_mode) : max_bits_(max_bits), block_mode_(block_mode) {
    out_ = "\x1f\x9d";
    out_ += static_cast<char>(max_bits | (block_mode ? 0x80u : 0u));
    Empty();
  }
  std::string operator()(const std::string& plain) {
    constexpr unsigned kNone = ~0u;
    unsigned match = kNone;
    for (const char c : plain) {
      const auto byte = static_cast<unsigned char>(c);
      const auto longer = codes_.find({match, byte});
      if (match == kNone || longer != codes_.end()) {
        match = match == kNone ? byte : longer->second;
        continue;
      }
      Put(match);
      if (next_ >> max_bits_ == 0) {
        codes_[{match, byte}] = next_++;
      } else if (block_mode_) {
        Put(256);
        Pad();
        Empty();
      }
      match = byte;
    }
    if (match != kNone) Put(match);
    if (filled_ > 0) out_ += static_cast<char>(byte_);
    return out_;
  }

 private:
  void Empty() {
    codes_.clear();
    next_ = block_mode_ ? 257 : 256;
    bits_ = 9;
    in_group_ = 0;
  }
  // A decoder is one entry behind: it widens its codes one later than the table is full.
  void Put(unsigned code) {
    if ((next_ - 1) >> bits_ != 0 && bits_ < max_bits_) {
      Pad();
      ++bits_;
    }
    Bits(code, bits_);
    in_group_ = (in_group_ + 1) % 8;
  }
  void Pad() {
    for (; in_group_ != 0; in_group_ = (in_group_ + 1) % 8) Bits(0, bits_);
  }
  void Bits(unsigned code, unsigned bits) {
    for (unsigned i = 0; i < bits; ++i) {
      byte_ |= (code >> i & 1) << filled_;
      if (++filled_ < 8) continue;
      out_ += static_cast<char>(byte_);
      byte_ = filled_ = 0;
    }
  }

  unsigned max_bits_, bits_ = 9, next_ = 0, in_group_ = 0, byte_ = 0, filled_ = 0;
  bool block_mode_;
  std::map<std::pair<unsigned, unsigned char>, unsigned> codes_;  // of a string and one byte more
  std::string out_;
};

inline std::string Compress(const std::string& plain, unsigned max_bits = 16, bool block_mode = true) {
  return Compressor(max_bits, block_mode)(plain);
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_COMPRESSED_H_
