package dev.cloche.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
    @Test
    void aJdbcUrlStaysAsItIs() {
        String url = "jdbc:postgresql://db:5432/cloche?user=a&password=b";

        assertThat(DatabaseAddress.parse(url)).isEqualTo(new DatabaseAddress(url, "", ""));
    }

    @Test
    void theLibpqFormIsTranslated() {
        assertThat(DatabaseAddress.parse("postgresql://anna:p%40ss+w%2Ford@db.example:5433/cloche?sslmode=require"))
                .isEqualTo(new DatabaseAddress("jdbc:postgresql://db.example:5433/cloche?sslmode=require", "anna", "p@ss+w/ord"));
        assertThat(DatabaseAddress.parse("postgres://db/cloche"))
                .isEqualTo(new DatabaseAddress("jdbc:postgresql://db/cloche", "", ""));
    }

    @Test
    void anythingElseIsRefusedWithoutRepeatingThePassword() {
        for (String text : new String[] {"mysql://u:geheim@h/x", "geheim", "postgresql:///geheim", "http://[geheim"}) {
            assertThatThrownBy(() -> DatabaseAddress.parse(text))
                    .isInstanceOf(Problem.class)
                    .hasMessageNotContaining("geheim");
        }
    }

    @Test
    void itsTextHoldsNoPassword() {
        assertThat(DatabaseAddress.parse("postgresql://u:geheim@h/x").toString()).doesNotContain("geheim");
        assertThat(DatabaseAddress.parse("jdbc:postgresql://h/x?password=geheim").toString()).doesNotContain("geheim");
    }
}
