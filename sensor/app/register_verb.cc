// SPDX-License-Identifier: Apache-2.0
// gander register key|hash|show: an operator's own values as keyed hashes, made where the values are. The verb's other
// half, check|explain|add, is about the transfer register (transfer_register.h).
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <vector>

#include "app/options.h"
#include "app/transfer_register.h"
#include "app/verbs.h"
#include "identify/own/register_maker.h"
#include "identify/own/row_table.h"

namespace gander::app {
namespace {

using identify::Register;
using identify::RegisterMaker;

struct HashOptions {
  std::string input, column, key, output, form = "id", separator = ",";
  std::uint32_t bits = 32;
};

Error SystemError(const std::string& file, const char* what, const char* remedy) {
  return {file, 0, std::string(what) + ": " + std::strerror(errno), remedy};
}

int MakeKey(const std::string& path) {
  std::uint64_t words[2];
  if (getrandom(words, sizeof words, 0) != sizeof words)
    return Complain(SystemError(path, "the system gives no random bytes", "try again"), kFailed);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Complain(
        SystemError(path, "the key cannot be written",
                    "name a file that is not there yet: a key that is overwritten is lost with its registers"));
  }
  char text[40];
  const int n = std::snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64 "\n", words[0], words[1]);
  const bool written = write(fd, text, static_cast<std::size_t>(n)) == n;
  close(fd);
  return written ? kDone : Complain(SystemError(path, "the key cannot be written", "is the disk full?"), kFailed);
}

// Closes what it opened.
class Stream {
 public:
  Stream(const std::string& path, const char* mode, std::FILE* standard)
      : file_(path == "-" ? standard : std::fopen(path.c_str(), mode)), own_(path != "-") {}
  ~Stream() {
    if (own_ && file_ != nullptr) std::fclose(file_);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  std::FILE* get() const noexcept { return file_; }

 private:
  std::FILE* file_;
  bool own_;
};

void Tell(const RegisterMaker::Counts& counts, const Register& made) {
  std::fprintf(stderr,
               "gander: %" PRIu64 " rows, %" PRIu64 " distinct values, %.1f MB; 1 of 2^%u other values passes\n",
               counts.rows, made.values(), static_cast<double>(made.bytes()) / 1e6, 8 * made.width());
  const auto warn = [](std::uint64_t n, const char* what) {
    if (n > 0) std::fprintf(stderr, "gander: warning: %" PRIu64 " rows %s\n", n, what);
  };
  warn(counts.without, "have nothing in this column");
  warn(counts.no_form, "have no value in this form");
  warn(counts.too_short, "hold a value too short to mean anything, and are left out");
  warn(counts.too_long, "hold a value of more than 254 bytes, and are left out");
  warn(counts.only_in_fields, "hold a value that is only found in fields named under `fields:`");
  if (made.density() > 1e-4) {
    std::fprintf(
        stderr,
        "gander: warning: of random numbers of this length one in %.0f is in the register; a match counts only "
        "when several in a row do\n",
        1 / made.density());
  }
}

struct RowOptions {
  std::vector<std::string> columns;
  std::string input, key, output, separator = ",";
};

// "mail:lower": a column and how its values are compared.
Result<identify::RowTableMaker::Column> ColumnOf(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  identify::RowTableMaker::Column column{text.substr(0, colon), identify::RegisterForm::kId};
  if (colon == std::string::npos || identify::ParseRegisterForm(text.substr(colon + 1), column.form)) return column;
  return Fail("--column", 0, "there is no form `" + text.substr(colon + 1) + "`", "known: id, digits, lower, none");
}

// Reads a table record by record into `sink`. kDone, or what was complained of.
int ReadTable(const std::string& input, const std::string& separator, identify::CsvSink& sink) {
  if (separator.size() != 1)
    return Complain({"--separator", 0, "the separator is one character", "e.g. --separator ';'"});
  const Stream in(input, "rb", stdin);
  if (in.get() == nullptr) return Complain(SystemError(input, "the table cannot be read", "check the path"));
  identify::CsvRecords records(separator[0], sink);
  std::vector<char> piece(1 << 18);
  for (std::size_t n; (n = std::fread(piece.data(), 1, piece.size(), in.get())) > 0;) records.Push({piece.data(), n});
  if (records.Finish()) return kDone;
  return Complain({input, static_cast<int>(records.open_line()), "quotes that begin here are never closed",
                   "double each quote inside a quoted value (RFC 4180)"});
}

int WriteBytes(const std::string& output, const std::vector<std::uint8_t>& bytes) {
  if (output == "-" && isatty(STDOUT_FILENO) != 0)
    return Complain({"standard output", 0, "a register is no text for a terminal", "write `> register.bin`"});
  const Stream out(output, "wb", stdout);
  const bool written = out.get() != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), out.get()) == bytes.size() &&
                       std::fflush(out.get()) == 0;
  return written ? kDone
                 : Complain(SystemError(output, "the register cannot be written", "is the disk full?"), kFailed);
}

int Hash(const HashOptions& options) {
  RegisterMaker::Options make;
  make.column = options.column;
  make.file = options.input == "-" ? "standard input" : options.input;
  make.width = options.bits / 8;
  if (!identify::ParseRegisterForm(options.form, make.form))
    return Complain({"--normalise", 0, "there is no form `" + options.form + "`", "known: id, digits, lower, none"});
  const auto key = identify::ReadRegisterKey(options.key);
  if (!key) return Complain(key.error());
  RegisterMaker maker(make, *key);
  if (const int read = ReadTable(options.input, options.separator, maker); read != kDone) return read;
  const auto made = maker.Finish();
  if (!made) return Complain(made.error());
  if (const int wrote = WriteBytes(options.output, made->Serialise()); wrote != kDone) return wrote;
  Tell(maker.counts(), *made);
  return kDone;
}

int HashRows(const RowOptions& options) {
  std::vector<identify::RowTableMaker::Column> columns;
  for (const std::string& text : options.columns) {
    auto column = ColumnOf(text);
    if (!column) return Complain(column.error());
    columns.push_back(std::move(*column));
  }
  const auto key = identify::ReadRegisterKey(options.key);
  if (!key) return Complain(key.error());
  identify::RowTableMaker maker(std::move(columns), options.input == "-" ? "standard input" : options.input, *key);
  if (const int read = ReadTable(options.input, options.separator, maker); read != kDone) return read;
  const auto made = maker.Finish();
  if (!made) return Complain(made.error());
  if (const int wrote = WriteBytes(options.output, made->Serialise()); wrote != kDone) return wrote;
  std::fprintf(stderr, "gander: %" PRIu64 " rows, %zu distinct values, %.1f MB\n", maker.rows(), made->size(),
               static_cast<double>(made->size()) * 12 / 1e6);
  if (made->shared() > 0) {
    std::fprintf(stderr, "gander: warning: %zu values stand in several rows, and tell none of them apart\n",
                 made->shared());
  }
  return kDone;
}

int Show(const std::string& file, const std::string& key_file) {
  const auto key = identify::ReadRegisterKey(key_file);
  if (!key) return Complain(key.error());
  const auto read = Register::Read(file, *key);
  if (!read) return Complain(read.error());
  std::printf("values       %" PRIu64 "\nform         %s\nfingerprint  %u bits: 1 of 2^%u other values passes\n"
              "memory       %.1f MB\ndensity      %.2g of all numbers of these lengths\nsha256       %s\n",
              read->values(), NameOf(read->form()), 8 * read->width(), 8 * read->width(),
              static_cast<double>(read->bytes()) / 1e6, read->density(), read->checksum().c_str());
  return kDone;
}

void AddHash(CLI::App& verb, int& exit_code) {
  CLI::App* sub =
      verb.add_subcommand("hash", "a column of a CSV table to a register on standard output")->group(kOwnListsGroup);
  auto options = std::make_shared<HashOptions>();
  sub->add_option("csv", options->input, "table with a header line; - is standard input")->required();
  sub->add_option("--column", options->column, "name of the column, or its number from 1")->required();
  sub->add_option("--key", options->key, "file made by `gander register key`")->required();
  sub->add_option("--normalise", options->form,
                  "what is equal: id (letters and digits, any case), digits (numbers, phones), lower (mail), none")
      ->capture_default_str();
  sub->add_option("--bits", options->bits, "of a fingerprint: 1 of 2^bits other values passes; a canary needs 64")
      ->check(CLI::IsMember({8, 16, 32, 64}))
      ->capture_default_str();
  sub->add_option("--separator", options->separator, "between columns")->capture_default_str();
  sub->add_option("--output,-o", options->output, "file instead of standard output")->default_val("-");
  sub->callback([options, &exit_code] { exit_code = Hash(*options); });
}

void AddRows(CLI::App& verb, int& exit_code) {
  CLI::App* sub = verb.add_subcommand("rows", "which values of a CSV table stand in one row, to standard output");
  auto options = std::make_shared<RowOptions>();
  sub->add_option("csv", options->input, "table with a header line; - is standard input")->required();
  sub->add_option("--column", options->columns, "two or more: name or number, and how it was hashed (mail:lower)")
      ->required();
  sub->add_option("--key", options->key, "file made by `gander register key`")->required();
  sub->add_option("--separator", options->separator, "between columns")->capture_default_str();
  sub->add_option("--output,-o", options->output, "file instead of standard output")->default_val("-");
  sub->callback([options, &exit_code] { exit_code = HashRows(*options); });
}

}  // namespace

void AddRegister(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("register", "the transfer register of a policy; registers of your own values");
  verb->require_subcommand(1);
  verb->footer(
      "Two things bear this name.\n"
      "The transfer register says who may send whose data where:\n"
      "  gander register check policy.yaml\n"
      "  gander register explain policy.yaml --from 10.20.4.7 --to lab.example.de --class health --subject NO\n"
      "  gander register add policy.yaml --id lab-2 --from wards --to-domain lab.example.de --class health \\\n"
      "      --basis contract --ref DPA-2291 --not-before 2026-12-01 --until 2027-11-30\n"
      "A register of your own values is hashed where they are; the sensor needs it and the key, never the values:\n"
      "  gander register key register.key\n"
      "  gander register hash --column \"customer no\" --key register.key customers.csv > customers.bin\n"
      "How it is loaded: \"Own lists\" in rules/README.md.");
  AddRegisterCheck(*verb, exit_code);
  AddRegisterExplain(*verb, exit_code);
  AddRegisterAdd(*verb, exit_code);
  auto path = std::make_shared<std::string>();
  CLI::App* key =
      verb->add_subcommand("key", "make a key: a random secret, readable by its owner alone")->group(kOwnListsGroup);
  key->add_option("file", *path, "where it is written")->required();
  key->callback([path, &exit_code] { exit_code = MakeKey(*path); });
  AddHash(*verb, exit_code);
  AddRows(*verb, exit_code);
  auto shown = std::make_shared<std::string>();
  auto shown_key = std::make_shared<std::string>();
  CLI::App* show = verb->add_subcommand("show", "what a register holds, in figures")->group(kOwnListsGroup);
  show->add_option("file", *shown, "register")->required();
  show->add_option("--key", *shown_key, "its key")->required();
  show->callback([shown, shown_key, &exit_code] { exit_code = Show(*shown, *shown_key); });
}

}  // namespace gander::app
