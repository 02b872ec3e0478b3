package dev.cloche.apps;

import dev.cloche.kernel.Json;
import dev.cloche.packages.PythonLock;
import dev.cloche.workspaces.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How a deployment lies in its table. */
final class DeploymentRow {
    /** The columns of the table {@code d}. */
    static final String COLUMNS = "d.id, d.app_name, d.workspace_id, d.revision, d.kind, d.placement, d.entry, d.environment, d.lock, "
            + "d.files, d.size, d.created_at, d.created_by";

    private DeploymentRow() {}

    static void insert(Handle handle, Deployment deployment) {
        handle.createUpdate("""
                        INSERT INTO deployment (id, app_name, workspace_id, revision, kind, placement, entry, environment, lock,
                            files, size, created_at, created_by)
                        VALUES (:id, :app, :workspace, :revision, :kind, :placement, :entry, :environment, :lock,
                            :files, :size, :now, :by)
                        """)
                .bind("id", deployment.id().value())
                .bind("app", deployment.app().value())
                .bind("workspace", deployment.workspace().value())
                .bind("revision", deployment.revision())
                .bind("kind", deployment.kind().label())
                .bind("placement", deployment.placement().label())
                .bind("entry", deployment.entry())
                .bind("environment", Json.text(deployment.environment()))
                .bind("lock", deployment.lock().map(lock -> new String(lock.bytes(), StandardCharsets.UTF_8)).orElse(null))
                .bind("files", deployment.files())
                .bind("size", deployment.size())
                .bind("now", deployment.createdAt().atOffset(ZoneOffset.UTC))
                .bind("by", deployment.createdBy())
                .execute();
    }

    static Deployment read(ResultSet row) throws SQLException {
        return new Deployment(
                new DeploymentId(row.getString("id")),
                new AppName(row.getString("app_name")),
                new WorkspaceId(row.getString("workspace_id")),
                row.getLong("revision"),
                AppKind.parse(row.getString("kind")),
                Placement.parse(row.getString("placement")),
                row.getString("entry"),
                environment(row.getString("environment")),
                Optional.ofNullable(row.getString("lock")).flatMap(lock -> PythonLock.parse(utf8(lock))),
                row.getInt("files"),
                row.getLong("size"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"));
    }

    private static Map<String, String> environment(String json) {
        Map<String, String> variables = new LinkedHashMap<>();
        Json.tree(utf8(json)).properties().forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
        return variables;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
