package dev.cloche.workspaces;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a configuration may say, and what it says if the caller says nothing. */
final class ConfigRules {
    private static final List<String> DEFAULT_PACKAGES = List.of("numpy", "matplotlib");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final int MAX_VARIABLES = 100;
    private static final int MAX_VALUE = 10_000;
    private static final int MAX_PACKAGES = 200;
    private static final int MAX_REQUIREMENT = 300;

    private final String pythonVersion;

    ConfigRules(String pythonVersion) {
        this.pythonVersion = pythonVersion;
    }

    /**
     * A configuration as a caller sends it.
     *
     * @param environment variables, or nothing said
     * @param pythonPackages requirements, or nothing said
     */
    record Sent(@Nullable Map<String, String> environment, @Nullable List<String> pythonPackages) {}

    /**
     * The configuration of a new Python workspace: the caller's values win; without a list of the caller the packages are
     * those of the template, or the default ones. A template adds what it needs to a caller's list.
     */
    WorkspaceConfig forNew(@Nullable Sent sent, Optional<Template> template) {
        check(sent);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("WORKSPACE_TYPE", "pyodide");
        environment.put("PYTHON_VERSION", pythonVersion);
        List<String> needed = template.map(Template::pythonPackages).orElse(DEFAULT_PACKAGES);
        if (sent != null && sent.environment() != null) {
            environment.putAll(sent.environment());
        }
        if (sent == null || sent.pythonPackages() == null) {
            return new WorkspaceConfig(environment, needed);
        }
        List<String> packages = new ArrayList<>(sent.pythonPackages());
        if (template.isPresent()) {
            Set<String> named = new LinkedHashSet<>();
            packages.forEach(requirement -> named.add(projectName(requirement)));
            needed.stream().filter(requirement -> named.add(projectName(requirement))).forEach(packages::add);
        }
        return new WorkspaceConfig(environment, packages);
    }

    /** The configuration after a change: what the caller does not name stays. */
    WorkspaceConfig changed(WorkspaceConfig old, Sent sent) {
        check(sent);
        return new WorkspaceConfig(
                sent.environment() == null ? old.environment() : sent.environment(),
                sent.pythonPackages() == null ? old.pythonPackages() : sent.pythonPackages());
    }

    /** The name in a requirement as PEP 503 writes it. */
    private static String projectName(String requirement) {
        return requirement.strip().replaceFirst("[^A-Za-z0-9._-].*", "").replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }

    private static void check(@Nullable Sent sent) {
        List<FieldError> errors = new ArrayList<>();
        if (sent != null && sent.environment() != null) {
            checkEnvironment(sent.environment(), errors);
        }
        if (sent != null && sent.pythonPackages() != null) {
            checkPackages(sent.pythonPackages(), errors);
        }
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
    }

    private static void checkEnvironment(Map<String, String> environment, List<FieldError> errors) {
        if (environment.size() > MAX_VARIABLES) {
            errors.add(new FieldError("config.environment", "maxProperties", "At most " + MAX_VARIABLES + " variables."));
        }
        environment.forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                errors.add(new FieldError("config.environment", "pattern",
                        "The name of a variable has letters, digits and '_', no digit in front, at most 100 characters."));
            }
            if (value == null || value.length() > MAX_VALUE || value.indexOf('\0') >= 0) {
                errors.add(new FieldError("config.environment." + name, "maxLength",
                        "A value is text of at most 10,000 characters without NUL."));
            }
        });
    }

    private static void checkPackages(List<String> packages, List<FieldError> errors) {
        if (packages.size() > MAX_PACKAGES) {
            errors.add(new FieldError("config.pythonPackages", "maxItems", "At most " + MAX_PACKAGES + " packages."));
        }
        for (int i = 0; i < packages.size(); i++) {
            String requirement = packages.get(i);
            if (requirement == null || requirement.isBlank() || requirement.length() > MAX_REQUIREMENT) {
                errors.add(new FieldError("config.pythonPackages[" + i + "]", "maxLength",
                        "A package is text of 1 to 300 characters, such as 'numpy' or 'pandas>=2'."));
            }
        }
    }
}
