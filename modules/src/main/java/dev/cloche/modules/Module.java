package dev.cloche.modules;

import dev.cloche.values.Identity;
import dev.cloche.wasm.HostFailure;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.LimitExceeded;
import dev.cloche.wasm.Limits;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.Trap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A module that is ready to run. Any thread may use it; its instances have threads of their own. */
public final class Module implements AutoCloseable {
    private final Template template;
    private final Exports exports;
    private final @Nullable Preload preload;
    private volatile @Nullable StartedMemory started;

    Module(Template template, Exports exports) {
        this(template, exports, null);
    }

    private Module(Template template, Exports exports, @Nullable Preload preload) {
        this.template = template;
        this.exports = exports;
        this.preload = preload;
    }

    /** The same code, with these bytes in the memory of each instance. */
    Module with(Preload content) {
        return new Module(template, exports, content);
    }

    /**
     * What an instance is made for.
     *
     * @param database which it belongs to
     * @param log where its lines go
     * @param outside what it may ask for
     * @param limits of memory and of the time of one call; starting it may take ten times as long
     */
    public record Place(Identity database, ModuleLog log, Outside outside, Limits limits) {}

    /**
     * Makes an instance and starts it: {@code _initialize}, each {@code __preinit__*} in the order of the names,
     * {@code __setup__}, and for code that is no text {@code __describe_module__}, since modules in Rust know their functions
     * only from then on. What text has become in memory is kept, and the next instances begin with it. Only on a
     * {@link dev.cloche.wasm.GuestThread}.
     *
     * @throws ModuleRefused if it breaks, or its own start refuses
     */
    public ModuleInstance start(Place place) {
        GuestState state = new GuestState(place.database(), place.log(), place.outside());
        Instance instance = instance(place.limits(), state);
        ModuleInstance made = new ModuleInstance(instance, state, exports, place.limits().timeout());
        try {
            if (preload == null) {
                made.beginAndDescribe();
            } else {
                begin(made, instance, preload);
            }
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        return made;
    }

    private Instance instance(Limits limits, GuestState state) {
        try {
            return template.instantiate(limits, state);
        } catch (LimitExceeded tooLarge) {
            throw new ModuleRefused(ModuleRefused.Reason.START, String.valueOf(tooLarge.getMessage()));
        } catch (Trap | HostFailure broken) {
            throw new ModuleRefused(ModuleRefused.Reason.START, "wasm trap while instantiating: " + broken.getMessage());
        }
    }

    /** Text is run once; whoever has its memory then finds that it was. */
    private void begin(ModuleInstance made, Instance instance, Preload text) {
        StartedMemory before = started;
        if (before != null && before.into(instance)) {
            made.begin();
            return;
        }
        MemorySegment.copy(text.content(), 0, instance.memory(), ValueLayout.JAVA_BYTE, text.address(), text.content().length);
        made.begin();
        try (Instance untouched = instance(Limits.DEFAULT, PythonGuest.stateNowhere())) {
            started = StartedMemory.between(untouched.memory(), instance.memory());
        }
    }

    /** Gives the code up, but for code that is shared with other modules; instances go on. */
    @Override
    public void close() {
        if (preload == null) {
            template.close();
        }
    }
}
