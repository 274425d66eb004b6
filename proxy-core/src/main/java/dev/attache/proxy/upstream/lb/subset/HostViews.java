package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts of a set are healthy and which are degraded, made once for all of its subsets, so
 * that a subset costs what it has in hosts, and not what the whole has.
 */
final class HostViews {

    private final Of[][] byLevel;

    /** Of the hosts of one locality on one level. */
    static final class Of {
        private final View healthy;
        private final View degraded;

        Of(LocalityHosts all) {
            healthy = View.of(all.healthy(), all.hosts().size());
            degraded = View.of(all.degraded(), all.hosts().size());
        }

        /** Those of {@code own}, in their order. */
        List<Host> healthy(List<Host> own) {
            return healthy.in(own);
        }

        /** Those of {@code own}, in their order. */
        List<Host> degraded(List<Host> own) {
            return degraded.in(own);
        }
    }

    /**
     * @param some null = all of them
     */
    private record View(@Nullable Set<Host> some) {

        static View of(List<Host> view, int size) {
            if (view.size() == size) {
                return new View(null);
            }
            Set<Host> some = Collections.newSetFromMap(new IdentityHashMap<>(view.size()));
            some.addAll(view);
            return new View(some);
        }

        List<Host> in(List<Host> own) {
            Set<Host> wanted = some;
            if (wanted == null) {
                return own;
            }
            return wanted.isEmpty() ? List.of() : own.stream().filter(wanted::contains).toList();
        }
    }

    HostViews(HostSet whole) {
        byLevel = new Of[whole.priorities().size()][];
        for (int i = 0; i < byLevel.length; i++) {
            PriorityHosts level = whole.priorities().get(i);
            byLevel[i] = level.localities().stream().map(Of::new).toArray(Of[]::new);
        }
    }

    /**
     * @param locality position among those of the level
     */
    Of of(int level, int locality) {
        return byLevel[level][locality];
    }
}
