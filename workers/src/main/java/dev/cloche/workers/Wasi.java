package dev.cloche.workers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** What one guest sees of the world by WASI: arguments, the three streams, files. For the thread that runs it. */
final class Wasi implements AutoCloseable {
    private static final int LONGEST_LINE = 8192;

    private final WasiFiles files;
    private List<String> arguments = List.of();
    private byte[] input = {};
    private int read;
    private Sink output = bytes -> { };
    private Sink errors = bytes -> { };

    Wasi(WasiFiles files) {
        this.files = files;
    }

    /** Where a stream's bytes go. */
    interface Sink {
        /** Takes the bytes. */
        void write(byte[] bytes);
    }

    /** Before a call: what it is told, and where its streams lead. */
    void begin(List<String> told, byte[] stdin, Sink stdout, Sink stderr) {
        arguments = told;
        input = stdin;
        read = 0;
        output = stdout;
        errors = stderr;
    }

    List<String> arguments() {
        return arguments;
    }

    WasiFiles files() {
        return files;
    }

    /** The next bytes of standard input, at most so many. */
    byte[] read(int most) {
        int count = Math.min(most, input.length - read);
        byte[] bytes = java.util.Arrays.copyOfRange(input, read, read + count);
        read += count;
        return bytes;
    }

    void write(boolean error, byte[] bytes) {
        (error ? errors : output).write(bytes);
    }

    @Override
    public void close() {
        files.close();
    }

    /** Keeps bytes up to a limit. */
    static final class Kept implements Sink {
        private final long most;
        private final boolean strict;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** What is above the limit ends the guest if strict, else is dropped. */
        Kept(long most, boolean strict) {
            this.most = most;
            this.strict = strict;
        }

        @Override
        public void write(byte[] more) {
            long room = most - bytes.size();
            if (more.length > room && strict) {
                throw new Refused("the output has more than " + most + " bytes");
            }
            bytes.write(more, 0, (int) Math.min(more.length, room));
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** Gives whole lines away. */
    static final class Lines implements Sink {
        private final Consumer<String> to;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Consumer<String> to) {
            this.to = to;
        }

        @Override
        public void write(byte[] bytes) {
            for (byte one : bytes) {
                if (one == '\n') {
                    flush();
                } else if (line.size() < LONGEST_LINE) {
                    line.write(one);
                }
            }
        }

        void flush() {
            if (line.size() > 0) {
                to.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }
}
