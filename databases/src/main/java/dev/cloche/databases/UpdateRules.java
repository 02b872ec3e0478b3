package dev.cloche.databases;

import dev.cloche.values.Identity;
import java.util.Optional;

/**
 * What an update may do.
 *
 * @param sender who asks for it
 * @param mayBreakClients whether clients that know the old module may be cut off
 * @param planToken of the plan that was looked at ({@link MigrationPlan.Automatic}); an update that breaks clients needs it
 */
public record UpdateRules(Identity sender, boolean mayBreakClients, Optional<String> planToken) {}
