package dev.attache.proxy.discovered;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A discovered filter as one place in a chain wants it. Immutable.
 *
 * @param <S> the kind of filters that stand there
 * @param kind of the specs
 * @param holds makes a hold on the filter, for as long as a worker uses it
 * @param fallback {@code default_config}: what counts while nothing has come that fits, or null
 * @param fits what may stand here; what may not is as good as not there
 */
public record DiscoveredSpec<S>(
        Class<S> kind,
        Supplier<Hold> holds,
        @Nullable S fallback,
        Predicate<DiscoveredFilter.Found> fits) {

    /** A hold on a filter, until it is given back. */
    public record Hold(DiscoveredFilter filter, Runnable release) {}

    /** What counts for whoever comes now, or null. */
    @Nullable S wanted(DiscoveredFilter.@Nullable Found found) {
        return found == null || !fits.test(found) ? fallback : kind.cast(found.spec());
    }

    /**
     * Opens it for one chain on one worker.
     *
     * @param opening what is done with each configuration
     * @throws RuntimeException what opening the first configuration throws
     */
    public <F> OpenDiscovered<S, F> open(OpenDiscovered.Opening<S, F> opening) {
        Hold hold = holds.get();
        try {
            return new OpenDiscovered<>(this, hold, opening);
        } catch (Throwable e) {
            hold.release().run();
            throw e;
        }
    }
}
