package dev.cloche.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir Path folder;

    @Test
    void oneTakerAtATime() {
        DataDirectory data = new DataDirectory(folder.resolve("d"));
        DataDirectory.Lock first = data.lock();

        assertThatThrownBy(data::lock).isInstanceOf(Problem.class).hasMessageContaining("process " + ProcessHandle.current().pid());
        assertThatThrownBy(data::lock).isInstanceOf(Problem.class); // a refusal does not free it

        first.close();
        data.lock().close();
    }

    @Test
    void itsPrivatePartsArePrivate() throws Exception {
        DataDirectory data = new DataDirectory(folder.resolve("d"));
        data.create();

        for (Path part : new Path[] {data.logs(), data.serverFile().getParent()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part))).isEqualTo("rwx------");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsExplained() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new DataDirectory(file.resolve("d")).create()).hasMessageContaining("--data");
    }
}
