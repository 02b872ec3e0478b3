package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.wasm.Call;
import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.Engines;
import dev.cloche.wasm.GuestThread;
import dev.cloche.wasm.HostImports;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.Limits;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.Wat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/cloche/workers");

    /** With -Dcloche.kernel.write=true the test writes the file. */
    @Test
    void theBinaryIsMadeFromTheText() throws IOException {
        String text = Files.readString(RESOURCES.resolve("kernel.wat"), StandardCharsets.UTF_8);
        byte[] made = Wat.module(text.substring(text.indexOf("(module") + "(module".length(), text.lastIndexOf(')')));
        if (Boolean.getBoolean("cloche.kernel.write")) {
            Files.write(RESOURCES.resolve("kernel.wasm"), made);
        }

        assertThat(Files.readAllBytes(RESOURCES.resolve("kernel.wasm"))).isEqualTo(made);
    }

    /** The kernel alone, with so many bytes of memory. */
    private static void withKernel(long bytes, Consumer<Instance> test) {
        try (Engine engine = Engines.wasmtime(WorkersTestBase.settings(Optional.empty())); HostImports imports = engine.imports(List.of());
                CompiledModule module = engine.compile(Kernel.module()); Template template = imports.link(module)) {
            GuestThread.call("kernel", () -> {
                try (Instance instance = template.instantiate(new Limits(bytes, 0, Duration.ofMinutes(1)), "none")) {
                    test.accept(instance);
                    return true;
                }
            });
        }
    }

    private static long run(Instance kernel, String name, long... arguments) {
        Call call = kernel.call(name);
        for (int k = 0; k < arguments.length; k++) {
            if (name.equals("store_u8") && k == 1) {
                call.i32(k, (int) arguments[k]);
            } else {
                call.i64(k, arguments[k]);
            }
        }
        call.run();
        return call.type().results().isEmpty() ? 0 : name.endsWith("load_u8") ? call.i32() & 0xff : call.i64();
    }

    @Test
    void whatIsStoredIsLoaded() {
        withKernel(1 << 20, kernel -> {
            long block = run(kernel, "alloc", 100);
            run(kernel, "store_u64", block + 3, 0x1122_3344_5566_7788L);
            run(kernel, "store_u8", block + 99, 0xfe);

            assertThat(run(kernel, "load_u64", block + 3)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(run(kernel, "load_u8", block + 4)).isEqualTo(0x77);
            assertThat(run(kernel, "load_u8", block + 99)).isEqualTo(0xfe);
            assertThat(run(kernel, "length", block)).isEqualTo(100);
            assertThat(run(kernel, "length_unsafe", block)).isEqualTo(100);
        });
    }

    @Test
    void offsetsThatAreNoneGiveZeroAndChangeNothing() {
        withKernel(1 << 20, kernel -> {
            long block = run(kernel, "alloc", 64);
            long[] forged = {0, 1, 127, 255, 65_536, 65_529, block + 1, block - 16, block + 64, -1, Long.MIN_VALUE, 1L << 32, (1L << 32) + block, Long.MAX_VALUE};
            for (long offset : forged) {
                assertThat(run(kernel, "length", offset)).isZero();
                run(kernel, "free", offset);
                run(kernel, "error_set", offset == block + 1 ? -1 : offset);
                run(kernel, "output_set", offset, 1L << 40);
                run(kernel, "output_set", offset, -1);
            }
            for (long offset : new long[] {0, 255, 65_536, -1, Long.MIN_VALUE, 1L << 32, (1L << 32) + block, Long.MAX_VALUE - 3}) {
                run(kernel, "store_u8", offset, 7);
                run(kernel, "store_u64", offset, -1);
                assertThat(run(kernel, "load_u8", offset)).isZero();
                assertThat(run(kernel, "load_u64", offset)).isZero();
            }
            assertThat(run(kernel, "load_u64", 65_529)).isZero();
            assertThat(run(kernel, "length", block)).isEqualTo(64);
            assertThat(run(kernel, "output_length")).isZero();
        });
    }

    @Test
    void anInputIsReadWithinItsLength() {
        withKernel(1 << 20, kernel -> {
            long at = run(kernel, "cloche_begin", 9);
            for (int i = 0; i < 9; i++) {
                run(kernel, "store_u8", at + i, i + 1);
            }

            assertThat(run(kernel, "input_length")).isEqualTo(9);
            assertThat(run(kernel, "input_offset")).isEqualTo(at);
            assertThat(run(kernel, "input_load_u8", 8)).isEqualTo(9);
            assertThat(run(kernel, "input_load_u8", 9)).isZero();
            assertThat(run(kernel, "input_load_u64", 1)).isEqualTo(0x0908_0706_0504_0302L);
            assertThat(run(kernel, "input_load_u64", 2)).isZero();
            assertThat(run(kernel, "input_load_u64", -1)).isZero();
            assertThat(run(kernel, "input_load_u64", -8)).isZero();
            run(kernel, "free", at);
            assertThat(run(kernel, "input_length")).isZero();
        });
    }

    @Test
    void whatIsTooLargeIsRefusedAndSaid() {
        withKernel(1 << 20, kernel -> {
            for (long size : new long[] {1 << 20, 0xffff_ffffL, 1L << 32, Long.MAX_VALUE, -1}) {
                assertThat(run(kernel, "alloc", size)).isZero();
            }
            assertThat(run(kernel, "alloc", 0)).isZero();
            Call end = kernel.call("cloche_end");
            end.run();
            assertThat(end.i32(4)).isEqualTo(5);
            assertThat(run(kernel, "alloc", 900_000)).isPositive();
            assertThat(run(kernel, "cloche_begin", 900_000)).isPositive();
            assertThat(run(kernel, "cloche_begin", 0)).isZero();
        });
    }

    @Test
    void nothingIsLeftOfTheLastCall() {
        withKernel(1 << 20, kernel -> {
            run(kernel, "alloc", 1000);
            long secret = run(kernel, "alloc", 1000);
            run(kernel, "store_u64", secret + 500, 42);
            run(kernel, "cloche_begin", 1);

            assertThat(run(kernel, "load_u64", secret + 500)).isZero();
            assertThat(run(kernel, "length", secret)).isZero();
        });
    }

    /** Against a model: blocks never overlap and keep their content, whatever is allocated and freed, also when it gets tight. */
    @Test
    void blocksNeverOverlap() {
        withKernel(1 << 20, kernel -> {
            Random random = new Random(7);
            Map<Long, Integer> blocks = new HashMap<>();
            int refused = 0;
            for (int round = 0; round < 20_000; round++) {
                if (!blocks.isEmpty() && random.nextInt(5) < 2) {
                    long block = blocks.keySet().iterator().next();
                    check(kernel, block, blocks.remove(block));
                    run(kernel, "free", block);
                    continue;
                }
                int size = 1 + (int) Math.pow(2, random.nextDouble() * 13);
                long block = run(kernel, "alloc", size);
                if (block == 0) {
                    refused++;
                    blocks.keySet().removeIf(one -> {
                        run(kernel, "free", one);
                        return random.nextBoolean();
                    });
                    blocks.clear();
                    run(kernel, "reset");
                    continue;
                }
                for (int i = 0; i < size; i++) {
                    kernel.memory().set(java.lang.foreign.ValueLayout.JAVA_BYTE, block + i, (byte) (block * 31 + size));
                }
                blocks.put(block, size);
            }
            blocks.forEach((block, size) -> check(kernel, block, size));
            assertThat(refused).isPositive();
        });
    }

    private static void check(Instance kernel, long block, int size) {
        assertThat(run(kernel, "length", block)).isEqualTo(size);
        for (int i = 0; i < size; i++) {
            assertThat(kernel.memory().get(java.lang.foreign.ValueLayout.JAVA_BYTE, block + i)).isEqualTo((byte) (block * 31 + size));
        }
    }

    /** Whatever a worker writes over the headers, the kernel ends and stays within its memory. */
    @Test
    void spoiledHeadersHarmNobody() {
        withKernel(4 << 20, kernel -> {
            Random random = new Random(11);
            for (int round = 0; round < 20_000; round++) {
                long at = 256 + random.nextInt(65_536);
                switch (random.nextInt(6)) {
                    case 0 -> run(kernel, "store_u64", at, random.nextLong());
                    case 1 -> run(kernel, "store_u64", at & -16, at ^ 0x434c4f43L | (long) random.nextInt() << 32);
                    case 2 -> run(kernel, "free", random.nextBoolean() ? at : at & -16);
                    case 3 -> run(kernel, "length", at & -16);
                    case 4 -> run(kernel, "output_set", at, random.nextInt());
                    default -> run(kernel, "alloc", random.nextInt(5000));
                }
                if (round % 500 == 0) {
                    run(kernel, "reset");
                }
            }
            run(kernel, "reset");
            long block = run(kernel, "alloc", 100);
            run(kernel, "store_u64", block - 8, -1);
            assertThat(run(kernel, "length", block)).isEqualTo(112);
            assertThat(run(kernel, "output_offset") + run(kernel, "output_length")).isLessThanOrEqualTo(kernel.memory().byteSize());
        });
    }
}
