package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private final Passwords passwords = new Passwords(new SecureRandom());

    @Test
    void aHashMatchesItsPasswordOnly() {
        String hash = passwords.hash("pässwörd 🌱 long");

        assertThat(passwords.matches("pässwörd 🌱 long", hash)).isTrue();
        assertThat(passwords.matches("passwörd 🌱 long", hash)).isFalse();
        assertThat(passwords.hash("pässwörd 🌱 long")).isNotEqualTo(hash);
    }

    @Test
    void aHashOfTheReferenceProgramIsUnderstood() {
        // made with the argon2 reference command: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
        String reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        assertThat(passwords.matches("password", reference)).isTrue();
    }
}
