// A WASI command for tests: argument 1 says what to do, standard input with what.
// clang-16 --target=wasm32-wasi -Os -s program.c -o program.wasm
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char text[1 << 20];
static int calls;

static int failed(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

static int list(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) return failed("opendir");
  for (struct dirent *one; (one = readdir(folder));) printf("%s%s ", one->d_name, one->d_type == DT_DIR ? "/" : "");
  closedir(folder);
  return 0;
}

static int many(const char *path) {
  char name[300];
  for (int i = 0; i < 200; i++) {
    snprintf(name, sizeof name, "%s/file-with-a-rather-long-name-%03d", path, i);
    int fd = open(name, O_CREAT | O_WRONLY, 0666);
    if (fd < 0) return failed("create");
    close(fd);
  }
  DIR *folder = opendir(path);
  int count = 0;
  while (readdir(folder)) count++;
  closedir(folder);
  printf("%d", count);
  return 0;
}

static int files(const char *path) {
  char one[300], two[300], line[100];
  struct stat found;
  snprintf(one, sizeof one, "%s/one", path);
  snprintf(two, sizeof two, "%s/two", path);
  FILE *file = fopen(one, "w+");
  if (!file) return failed("fopen");
  fputs("hello, world", file);
  fseek(file, 7, SEEK_SET);
  fputs("WORLD", file);
  rewind(file);
  fgets(line, sizeof line, file);
  fclose(file);
  printf("%s|", line);
  file = fopen(one, "a");
  fputs("!", file);
  fclose(file);
  if (stat(one, &found)) return failed("stat");
  printf("%lld %d|", (long long)found.st_size, S_ISREG(found.st_mode));
  if (rename(one, two)) return failed("rename");
  if (!access(one, F_OK)) return 9;
  if (truncate(two, 5)) return failed("truncate");
  stat(two, &found);
  printf("%lld|", (long long)found.st_size);
  if (mkdir(one, 0777)) return failed("mkdir");
  if (!mkdir(one, 0777) || errno != EEXIST) return 10;
  if (!unlink(one)) return 11;
  if (!rmdir(path)) return 12;
  if (rmdir(one)) return failed("rmdir");
  if (unlink(two)) return failed("unlink");
  if (open(two, O_RDONLY) >= 0 || errno != ENOENT) return 13;
  return list(path);
}

static int escape(const char *path) {
  char to[1100];
  struct stat found;
  int ways = 0;
  int fd = open(path, O_RDONLY);
  if (fd >= 0 && (fstat(fd, &found) || !S_ISDIR(found.st_mode))) ways |= 1;
  if (open(path, O_CREAT | O_WRONLY, 0666) >= 0) ways |= 2;
  if (!lstat(path, &found) && !S_ISLNK(found.st_mode)) ways |= 4;
  snprintf(to, sizeof to, "/data/moved");
  if (!rename(path, to)) ways |= 8;
  if (!rename("/data/mine", path)) ways |= 16;
  if (!unlink(path)) ways |= 32;
  snprintf(to, sizeof to, "%s-folder", path);
  if (!mkdir(to, 0777)) ways |= 64;
  if (!symlink(path, "/data/made")) ways |= 128;
  if (!link(path, "/data/made")) ways |= 256;
  printf("%d", ways);
  return 0;
}

int main(int count, char **arguments) {
  const char *what = count > 1 ? arguments[1] : "";
  calls++;
  if (!strcmp(what, "sleep")) { sleep(600); return 0; }
  if (!strcmp(what, "spill")) for (;;) if (fwrite(text, 1, sizeof text, stdout) < sizeof text) return 1;
  if (!strcmp(what, "complain")) for (int i = 0; i < 100000; i++) fputs("this is wrong\n", stderr);
  if (!strcmp(what, "complain")) return 5;
  if (!strcmp(what, "random")) { arc4random_buf(text, 32); fwrite(text, 1, 32, stdout); return 0; }
  size_t length = fread(text, 1, sizeof text - 1, stdin);
  if (!strcmp(what, "upper")) { for (size_t i = 0; i < length; i++) putchar(toupper(text[i])); return 0; }
  if (!strcmp(what, "fail")) { fprintf(stderr, "%s\n", text); return 3; }
  if (!strcmp(what, "exit")) exit(atoi(text));
  if (!strcmp(what, "calls")) { printf("%d", calls); return 0; }
  if (!strcmp(what, "clock")) {
    struct timespec then, now;
    clock_gettime(CLOCK_MONOTONIC, &then);
    usleep(20000);
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%d %lld", (now.tv_sec - then.tv_sec) * 1000 + (now.tv_nsec - then.tv_nsec) / 1000000 >= 20, (long long)time(0));
    return 0;
  }
  if (!strcmp(what, "list")) return list(text);
  if (!strcmp(what, "many")) return many(text);
  if (!strcmp(what, "files")) return files(text);
  if (!strcmp(what, "escape")) return escape(text);
  if (!strcmp(what, "environment")) { printf("%s", getenv("PATH") ? "set" : "none"); return 0; }
  fprintf(stderr, "there is no function %s", what);
  return 2;
}
