import dev.cloche.wasm.Call;
import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.GuestThread;
import dev.cloche.wasm.HostImport;
import dev.cloche.wasm.HostImports;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.Limits;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.ValueType;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Prints one line "ENGINE FIGURE NANOSECONDS" for each figure; arguments: the folder of native libraries, a scratch folder. */
public final class WasmCalls {
    private static final int ROUNDS = 15;
    private static final int CALLS = 300_000;
    /** Large enough that reading code matters: 8,000 functions, about 0.6 MB. */
    private static final int FUNCTIONS = 8_000;

    public static void main(String[] arguments) throws Exception {
        GuestThread thread = new GuestThread("bench", () -> {
            for (boolean native_ : new boolean[] {true, false}) {
                EngineSettings settings = EngineSettings.of(Optional.of(Path.of(arguments[0])), Optional.of(Path.of(arguments[1], native_ ? "wasmtime" : "endive")));
                measure(native_ ? "wasmtime" : "endive", () -> native_ ? Engines.wasmtime(settings) : Engines.endive(settings));
            }
        });
        thread.start();
        thread.join();
    }

    private static void measure(String name, java.util.function.Supplier<Engine> open) {
        byte[] module = module();
        HostImport host = new HostImport("host", "f", FunctionType.of(ValueType.I32).returning(ValueType.I32), frame -> frame.result(frame.i32(0) + 1));
        HostImport look = new HostImport("host", "m", FunctionType.of(ValueType.I32).returning(ValueType.I32), frame -> frame.result((int) frame.memory().byteSize() + frame.i32(0)));
        long started = System.nanoTime();
        try (Engine engine = open.get()) {
            long opened = System.nanoTime();
            engine.compile(module).close();
            print(name, "open", opened - started);
            print(name, "compile", System.nanoTime() - opened);
        }
        try (Engine engine = open.get(); HostImports imports = engine.imports(List.of(host, look))) {
            print(name, "cached", median(() -> {
                long from = cpu();
                engine.compile(module).close();
                return cpu() - from;
            }));
            try (CompiledModule code = engine.compile(module); Template template = imports.link(code)) {
                print(name, "instantiate", median(() -> instances(template)));
                try (Instance instance = template.instantiate(Limits.DEFAULT, "bench")) {
                    Call add = instance.call("add");
                    Call loop = instance.call("loop");
                    Call memory = instance.call("memories");
                    print(name, "host-to-guest", median(() -> each(() -> add.i32(0, 1).i32(1, 2).run())));
                    print(name, "guest-to-host", median(() -> perRound(loop)));
                    print(name, "guest-to-host-memory", median(() -> perRound(memory)));
                }
            }
        }
    }

    private static long instances(Template template) {
        long from = cpu();
        for (int i = 0; i < 20; i++) {
            Instance instance = template.instantiate(Limits.DEFAULT, "bench");
            instance.call("add").i32(0, 1).i32(1, 2).run();
            instance.close();
        }
        return (cpu() - from) / 20;
    }

    private static long each(Runnable call) {
        long from = cpu();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (cpu() - from) / CALLS;
    }

    private static long perRound(Call loop) {
        long from = cpu();
        loop.i32(0, CALLS).run();
        return (cpu() - from) / CALLS;
    }

    /** Processor time of this thread: the machine may be busy with other things. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long median(LongSupplier one) {
        long[] all = new long[ROUNDS];
        Arrays.setAll(all, i -> one.getAsLong());
        Arrays.sort(all, 5, ROUNDS); // the first five are for warming up
        return all[5 + (ROUNDS - 5) / 2];
    }

    private static void print(String engine, String figure, long nanoseconds) {
        System.out.println(engine + " " + figure + " " + nanoseconds);
    }

    // ---- a module, assembled by hand

    private static byte[] module() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        // types: 0 (i32)->i32, 1 (i32 i32)->i32
        section(out, 1, bytes(2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f));
        section(out, 2, join(bytes(2), text("host"), text("f"), bytes(0, 0), text("host"), text("m"), bytes(0, 0)));
        byte[] kinds = new byte[FUNCTIONS];
        section(out, 3, join(number(FUNCTIONS + 3), bytes(1, 0, 0), kinds));
        section(out, 5, join(bytes(1, 0), number(160))); // 10 MiB
        section(out, 7, join(bytes(4), text("memory"), bytes(2, 0), text("add"), bytes(0, 2), text("loop"), bytes(0, 3), text("memories"), bytes(0, 4)));
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.writeBytes(number(FUNCTIONS + 3));
        body(code, bytes(0, 0x20, 0, 0x20, 1, 0x6a, 0x0b));
        for (int host = 0; host < 2; host++) { // calls the host as often as its argument says
            body(code, bytes(1, 1, 0x7f, 0x03, 0x40, 0x20, 1, 0x10, host, 0x1a, 0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x20, 0, 0x48, 0x0d, 0, 0x0b, 0x20, 1, 0x0b));
        }
        for (int i = 0; i < FUNCTIONS; i++) {
            byte[] one = bytes(0, 0x20, 0);
            for (int k = 0; k < 12; k++) {
                one = join(one, bytes(0x41), number(i % 60 + 1), bytes(0x6a, 0x41, k + 1, 0x6c));
            }
            body(code, join(one, bytes(0x0b)));
        }
        section(out, 10, code.toByteArray());
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 'x');
        section(out, 11, join(bytes(1, 0, 0x41, 0x80, 0x80, 0x04, 0x0b), number(content.length), content)); // at 64 KiB
        return out.toByteArray();
    }

    private static void section(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        out.writeBytes(number(body.length));
        out.writeBytes(body);
    }

    private static void body(ByteArrayOutputStream out, byte[] body) {
        out.writeBytes(number(body.length));
        out.writeBytes(body);
    }

    private static byte[] bytes(int... values) {
        byte[] out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }

    private static byte[] text(String text) {
        return join(number(text.length()), text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] number(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (; value > 127; value >>= 7) {
            out.write((int) (value & 127 | 128));
        }
        out.write((int) value);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
