package dev.cloche.toolchains;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MistakeTest {
    @Test
    void thoseOfClangAreRead() {
        assertThat(Mistake.in(List.of("""
                ./src/a.c:3:10: error: use of undeclared identifier 'x'
                    3 |   return x;
                ./a.h:1:1: warning: odd [-Wodd]
                /tmp/inc/cloche/worker.h:9:2: fatal error: inside
                1 error generated.""", "./a.h:1:1: warning: odd [-Wodd]"))).containsExactly(
                new Mistake("error", Optional.of("src/a.c"), 3, 10, "", "use of undeclared identifier 'x'"),
                new Mistake("warning", Optional.of("a.h"), 1, 1, "", "odd [-Wodd]"),
                new Mistake("error", Optional.empty(), 9, 2, "", "inside (in /tmp/inc/cloche/worker.h)"));
    }

    @Test
    void thoseOfRustcAreRead() {
        assertThat(Mistake.in(List.of("""
                warning: unused variable: `x`
                 --> src/lib.rs:5:9
                  |
                5 |     let x = 1;
                  |         ^ help: if this is intentional, prefix it with an underscore: `_x`
                  |
                  = note: `#[warn(unused_variables)]` on by default

                error[E0425]: cannot find value `missing` in this scope
                  --> src/math/mod.rs:12:17
                   |
                error: could not compile `adder` (lib) due to 1 previous error; 1 warning emitted"""))).containsExactly(
                new Mistake("warning", Optional.of("src/lib.rs"), 5, 9, "", "unused variable: `x`"),
                new Mistake("error", Optional.of("src/math/mod.rs"), 12, 17, "E0425", "cannot find value `missing` in this scope"));
    }

    @Test
    void thoseOfCargoHaveNoPlaceAndThoseOfItsProgramsHave() {
        assertThat(Mistake.in(List.of("""
                error: failed to run custom build command for `adder v1.0.0`

                Caused by:
                  process didn't exit successfully: `build-script-build` (exit status: 101)
                  --- stderr

                  thread 'main' (17) panicked at build.rs:2:5:
                  no header
                error: no matching package named `nothing` found
                location searched: registry"""))).containsExactly(
                new Mistake("error", Optional.empty(), 1, 1, "", "failed to run custom build command for `adder v1.0.0`"),
                new Mistake("error", Optional.of("build.rs"), 2, 5, "", "no header"),
                new Mistake("error", Optional.empty(), 1, 1, "", "no matching package named `nothing` found"));
    }

    @Test
    void aFloodIsCut() {
        StringBuilder said = new StringBuilder();
        for (int i = 1; i < 1000; i++) {
            said.append("a.c:").append(i).append(":1: error: no\n");
        }
        assertThat(Mistake.in(List.of(said.toString()))).hasSize(200);
    }
}
