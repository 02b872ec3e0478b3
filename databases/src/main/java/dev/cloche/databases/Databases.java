package dev.cloche.databases;

import dev.cloche.kernel.Problem;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.Optional;

/**
 * The live databases of this server: made by publishing a module, found by name or identity, deleted.
 *
 * <p>Methods may block and may be called from any thread but those of databases and of the network. They hold no rule about
 * who may do what: whoever speaks for somebody asks {@code Access} first. Expected refusals are results; a module that cannot
 * be used is a {@link Problem} that says why, and changes nothing.
 */
public interface Databases {
    /** The database of this name, or of this identity as 64 hexadecimal digits; empty also for one that was deleted. */
    Optional<DatabaseEntry> find(String nameOrIdentity);

    /** All databases that were made by somebody, newest first. */
    List<DatabaseEntry> madeBy(Identity owner);

    /**
     * The database at work; started if it sleeps, which may take seconds for a large one.
     *
     * @throws Problem {@code NOT_FOUND} if it was deleted meanwhile, {@code UNAVAILABLE} if it cannot be started now
     */
    LiveDatabase open(Identity database);

    /** Makes a database from a module: runs {@code init}; nothing stays if that fails. */
    PublishOutcome create(NewDatabase wanted, ModuleFile module);

    /** Puts another module into a database, with the migration that it needs. */
    PublishOutcome update(Identity database, ModuleFile module, UpdateRules rules);

    /** What {@link #update} with this module would do; changes nothing. */
    MigrationPlan plan(Identity database, ModuleFile module);

    /** Deletes all rows and runs {@code init}; with another module first if one is given. */
    PublishOutcome reset(Identity database, Optional<ModuleFile> module, Identity sender);

    /** Ends a database and deletes what it holds; refused with {@code CONFLICT} while it is locked. */
    void delete(Identity database);

    /** While it is locked, a database cannot be deleted or reset. */
    void setLocked(Identity database, boolean locked);

    /** Gives a database exactly these names, or changes nothing and returns those that others have. */
    List<DatabaseName> setNames(Identity database, List<DatabaseName> names);

    /**
     * The module's definition as the JSON of a {@code RawModuleDef} without its outer tag.
     *
     * @param version 9 or 10
     */
    byte[] definition(Identity database, int version);

    /**
     * The log of a database from its last {@code lines} lines on; all that is kept if empty.
     *
     * @param follow whether to go on with the lines that come
     */
    DatabaseLog log(Identity database, Optional<Integer> lines, boolean follow);
}
