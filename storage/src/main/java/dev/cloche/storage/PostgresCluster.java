package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The files of an embedded database: {@code cluster/} (PostgreSQL's own) and {@code passwords} (readable by us alone).
 *
 * @param data PostgreSQL's data directory
 * @param adminPassword of the superuser {@value #ADMIN}, used to set the database up
 * @param ownerPassword of {@value #OWNER}, which owns the platform's database and is no superuser
 */
record PostgresCluster(Path data, String adminPassword, String ownerPassword) {
    static final String ADMIN = "cloche_admin";
    static final String OWNER = "cloche";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    @Override
    public String toString() {
        return "PostgresCluster[" + data + "]"; // never the passwords
    }

    /** The cluster in this home, made by {@code initdb} on first use; what an interrupted first use left is made anew. */
    static PostgresCluster in(Path home, PostgresBinaries programs, PostgresAccount account, boolean durable) {
        try {
            Path data = home.resolve("cluster");
            Path passwords = home.resolve("passwords");
            if (!Files.isDirectory(data)) {
                create(home, programs, account, durable);
            }
            Properties read = new Properties();
            try (var reader = Files.newBufferedReader(passwords)) {
                read.load(reader);
            }
            return new PostgresCluster(data, required(read, "admin", passwords), required(read, "owner", passwords));
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The embedded database in " + home + " cannot be prepared: " + e);
        }
    }

    private static void create(Path home, PostgresBinaries programs, PostgresAccount account, boolean durable) throws IOException {
        RandomIds random = new RandomIds(new SecureRandom());
        String admin = random.secret();
        replace(home.resolve("passwords"), "admin=" + admin + "\nowner=" + random.secret() + "\n");
        Path fresh = home.resolve("cluster.new");
        PostgresBinaries.deleteTree(fresh);
        Files.createDirectory(fresh, PRIVATE_FOLDER);
        account.giveToInitdb(fresh);
        Path passwordFile = home.resolve("initdb.password");
        replace(passwordFile, admin + "\n");
        account.giveToInitdb(passwordFile);
        try {
            run(initdb(programs, account, fresh, passwordFile, durable));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        account.giveToServer(fresh);
        Files.move(fresh, home.resolve("cluster"));
    }

    private static List<String> initdb(PostgresBinaries programs, PostgresAccount account, Path data, Path password, boolean durable) {
        List<String> command = new ArrayList<>(account.forInitdb());
        command.addAll(List.of(programs.program("initdb").toString(), "--pgdata=" + data, "--username=" + ADMIN,
                "--pwfile=" + password, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"));
        if (!durable) {
            command.add("--no-sync");
        }
        return command;
    }

    private static void run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("initdb failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while initdb ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void replace(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PRIVATE_FILE);
        Files.writeString(file, content);
    }

    private static String required(Properties properties, String key, Path file) throws IOException {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IOException("'" + key + "' is missing in " + file);
        }
        return value;
    }
}
