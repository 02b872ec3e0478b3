package dev.cloche.cli;

import dev.cloche.kernel.IgnoreRules;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is never synchronised: the platform's own list, and what {@code .clocheignore} says. */
final class SyncRules {
    /** The folder's own record of the last synchronisation. */
    static final String STATE_FILE = ".cloche-sync.json";

    private static final List<String> ALWAYS =
            List.of("node_modules", ".git", "dist", "build", ".venv", "__pycache__", ".env", "/" + STATE_FILE);

    private SyncRules() {}

    /** The rules of a folder; where it has none, as before a first pull, those of the workspace. */
    static IgnoreRules of(Path folder, Api api, String workspace) throws IOException {
        Path file = folder.resolve(IgnoreRules.FILE);
        if (Files.isRegularFile(file)) {
            return of(Files.readAllLines(file));
        }
        IgnoreRules always = of(List.of());
        if (!RemoteTree.of(api, workspace, always).digests().containsKey(IgnoreRules.FILE)) {
            return always;
        }
        return of(new String(api.bytes("/api/workspaces/" + workspace + "/files/" + IgnoreRules.FILE), StandardCharsets.UTF_8).lines().toList());
    }

    /** The platform's list and these lines. */
    static IgnoreRules of(List<String> lines) {
        try {
            return new IgnoreRules(Stream.concat(ALWAYS.stream(), lines.stream()).toList());
        } catch (Problem refused) {
            throw CommandFailure.of(ExitStatus.USAGE, IgnoreRules.FILE + ": " + refused.detail());
        }
    }
}
