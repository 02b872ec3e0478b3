package dev.cloche.apps;

import dev.cloche.workspaces.FileEntry;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which files of a workspace become part of a deployment: everybody who opens the app can read them. */
final class PublicFiles {
    /** Files and folders that hold secrets, histories or what a build makes anew; compared without case. */
    private static final Set<String> NEVER = Set.of(
            ".cloche", ".clocheignore", ".git", ".hg", ".svn", ".env", ".envrc", ".venv", ".ssh", ".aws", ".gnupg", ".netrc", ".npmrc", ".pypirc",
            ".htpasswd", ".pgpass", ".idea", ".vscode", ".ds_store", "__pycache__", "node_modules", "id_rsa", "id_ed25519");

    private PublicFiles() {}

    /** Those below this folder (empty: all) that may be published. */
    static List<FileEntry> of(List<FileEntry> tree, String folder) {
        return tree.stream()
                .filter(file -> folder.isEmpty() || file.path().startsWith(folder + "/"))
                .filter(file -> mayBePublished(file.path()))
                .toList();
    }

    static boolean mayBePublished(String path) {
        for (String name : path.toLowerCase(Locale.ROOT).split("/")) {
            if (NEVER.contains(name) || name.startsWith(".env.")) {
                return false;
            }
        }
        return true;
    }
}
