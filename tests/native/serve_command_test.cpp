#ifdef PUMICE_SERVE
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <zlib.h>

#include "native/commands/serve.h"
#include "native/commands/served_ranges.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using commands::model_index;
using commands::served_models;

TEST(Serve, names_runs_by_folder_and_files_by_name) {
  test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "one");
  std::filesystem::create_directories(folder / "other/one");
  for (const char* file :
       {"one/checkpoint.safetensors", "other/one/checkpoint.safetensors", "digits.safetensors"}) {
    folder.file(file, "");
  }
  auto models = served_models({(folder / "one").string(), (folder / "other/one").string(),
                               (folder / "digits.safetensors").string()});
  ASSERT_EQ(models.size(), 3u);
  EXPECT_EQ(models[0].name, "one");
  EXPECT_EQ(models[1].name, "one (2)");
  EXPECT_EQ(models[2].name, "digits");
  EXPECT_EQ(
      model_index({models[0], models[1]}),
      R"json([{"file":"0.safetensors","name":"one"},{"file":"1.safetensors","name":"one (2)"}])json");
}

TEST(Serve, refuses_what_is_neither_a_run_nor_a_page) {
  test::TemporaryFolder folder;
  EXPECT_THROW(served_models({(folder / "nothing").string()}), Error);
  EXPECT_THROW(commands::site_folder((folder / "").string()), Error);
}

/// The port of "serving … on http://127.0.0.1:PORT/ …".
std::string port_of(const std::string& out) {
  const std::string before = "http://127.0.0.1:";
  const size_t at = out.find(before) + before.size();
  return out.substr(at, out.find('/', at) - at);
}

TEST(Serve, leaves_a_port_to_the_server_that_has_it) {
  test::TemporaryFolder folder;
  folder.file("pumice.wasm", "");
  test::Program first({"serve", "--site", folder.path(), "--port", "0"});
  ASSERT_TRUE(first.wait_for_output("(Ctrl-C stops)"));
  const std::string port = port_of(first.output());
  test::Program second({"serve", "--site", folder.path(), "--port", port});
  ASSERT_TRUE(second.wait_for_output("(Ctrl-C stops)"));
  EXPECT_NE(port_of(second.output()), port);
  second.send(SIGINT);
  EXPECT_EQ(second.wait().err,
            "pumice: serve: cannot use port " + port + ": Address already in use\n");
}

TEST(Serve, reads_the_ranges_that_browsers_ask_for) {
  using commands::FileRange;
  using commands::requested_range;
  EXPECT_EQ(requested_range("bytes=0-99", 1000), (FileRange{0, 100}));
  EXPECT_EQ(requested_range("bytes=100-", 1000), (FileRange{100, 1000}));
  EXPECT_EQ(requested_range("bytes=-8", 1000), (FileRange{992, 1000}));
  EXPECT_EQ(requested_range("bytes=-2000", 1000), (FileRange{0, 1000}));
  EXPECT_EQ(requested_range("bytes=990-2000", 1000), (FileRange{990, 1000}));
  EXPECT_EQ(requested_range("bytes=1000-", 1000), (FileRange{1000, 1000}));
  for (const char* other : {"", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,5-6", "rows=0-1",
                            "bytes=x-1", "bytes=1-x"}) {
    EXPECT_EQ(requested_range(other, 1000), std::nullopt) << other;
  }
}

/// A page with one model, served.
class ServedPage : public testing::Test {
 protected:
  ServedPage() {
    folder_.file("pumice.wasm", kProgram);
    folder_.file("page.js", "1;");
    folder_.file("index.html", "<!doctype html>");
    folder_.file("digits.safetensors", "0123456789");
    program_.emplace(test::Program::Texts{"serve", folder_ / "digits.safetensors", "--site",
                                          folder_.path(), "--port", "0"});
    EXPECT_TRUE(program_->wait_for_output("(Ctrl-C stops)"));
    client_.emplace("127.0.0.1", std::stoi(port_of(program_->output())));
    client_->set_decompress(false);
  }

  httplib::Response get(const std::string& path, const httplib::Headers& headers = {}) {
    const httplib::Result result = client_->Get(path, headers);
    EXPECT_TRUE(result) << httplib::to_string(result.error());
    return result ? result.value() : httplib::Response();
  }

  static std::string unpacked(const std::string& packed) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
    std::string text(kProgram.size(), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return text;
  }

  static inline const std::string kProgram = std::string(10'000, 'w') + "asm";
  test::TemporaryFolder folder_;
  std::optional<test::Program> program_;
  std::optional<httplib::Client> client_;
};

TEST_F(ServedPage, is_compressed_once_for_browsers_that_accept_it) {
  const httplib::Headers accepting{{"Accept-Encoding", "gzip, deflate, br"}};
  const httplib::Response packed = get("/pumice.wasm", accepting);
  EXPECT_EQ(packed.status, 200);
  EXPECT_EQ(packed.get_header_value("Content-Type"), "application/wasm");
  EXPECT_EQ(packed.get_header_value("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.get_header_value("Vary"), "Accept-Encoding");
  EXPECT_LT(packed.body.size(), 200u);
  EXPECT_EQ(unpacked(packed.body), kProgram);
  const httplib::Response plain = get("/pumice.wasm", {{"Accept-Encoding", "identity"}});
  EXPECT_FALSE(plain.has_header("Content-Encoding"));
  EXPECT_EQ(plain.body, kProgram);
  EXPECT_NE(plain.get_header_value("ETag"), packed.get_header_value("ETag"));
  const httplib::Response script = get("/page.js", accepting);
  EXPECT_EQ(script.get_header_value("Content-Type"), "text/javascript");
  EXPECT_EQ(script.get_header_value_count("Content-Encoding"), 1u);
}

TEST_F(ServedPage, is_sent_again_only_after_a_change) {
  const httplib::Response first = get("/page.js");
  const std::string tag = first.get_header_value("ETag");
  EXPECT_TRUE(tag.starts_with('"')) << "a strong tag";
  const httplib::Response again = get("/page.js", {{"If-None-Match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  folder_.file("page.js", "22;");
  std::filesystem::last_write_time(
      folder_ / "page.js", std::filesystem::file_time_type::clock::now() + std::chrono::seconds(2));
  const httplib::Response changed = get("/page.js", {{"If-None-Match", tag}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "22;");
}

TEST_F(ServedPage, has_an_index_and_stays_in_its_folder) {
  EXPECT_EQ(get("/").body, "<!doctype html>");
  EXPECT_EQ(get("/").get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/none.js").status, 404);
  EXPECT_EQ(get("/../" + folder_.path().filename().string() + "/page.js").status, 404);
}

TEST_F(ServedPage, sends_parts_of_models) {
  const std::string path = "/models/0.safetensors";
  const httplib::Response whole = get(path);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(whole.get_header_value("Accept-Ranges"), "bytes");
  const std::string tag = whole.get_header_value("ETag");
  const httplib::Response part = get(path, {{"Range", "bytes=2-4"}, {"If-Range", tag}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.get_header_value("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(get(path, {{"Range", "bytes=8-99"}}).body, "89");
  const httplib::Response beyond = get(path, {{"Range", "bytes=10-"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.get_header_value("Content-Range"), "bytes */10");
  EXPECT_EQ(get(path, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get("/models/1.safetensors").status, 404);
  folder_.file("digits.safetensors", "abcdefghij!");
  const httplib::Response changed = get(path, {{"Range", "bytes=2-4"}, {"If-Range", tag}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "abcdefghij!");
}

}  // namespace
}  // namespace pumice
#endif
