package dev.attache.server.plane.compile;

import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which resources of a type there are, for one compilation: those that there were when it first
 * wanted to know. Most never do, and need not be told. On the thread of that compilation.
 */
public final class AskedNames implements Predicate<String> {

    private final CompileThread thread;
    private final Supplier<Set<String>> names;
    private @Nullable Set<String> known;

    /**
     * @param names answers on the main loop
     */
    public AskedNames(CompileThread thread, Supplier<Set<String>> names) {
        this.thread = thread;
        this.names = names;
    }

    @Override
    public boolean test(String name) {
        Set<String> there = known;
        if (there == null) {
            there = thread.ask(names);
            known = there;
        }
        return there.contains(name);
    }
}
