package dev.attache.proxy.discovered;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When one configuration closes. */
final class OpenDiscoveredTest {
    private static final int ROUNDS = 20_000;

    private final AtomicInteger closed = new AtomicInteger();

    private OpenDiscovered<String, String> open() {
        DiscoveredFilter filter = new DiscoveredFilter("f");
        filter.become(new DiscoveredFilter.Found("spec", "type", false));
        DiscoveredSpec<String> spec =
                new DiscoveredSpec<>(
                        String.class,
                        () -> new DiscoveredSpec.Hold(filter, () -> {}),
                        null,
                        found -> true);
        return spec.open(
                new OpenDiscovered.Opening<>() {
                    @Override
                    public String open(String wanted) {
                        return wanted;
                    }

                    @Override
                    public void close(String opened) {
                        closed.incrementAndGet();
                    }
                });
    }

    @Test
    void itClosesOnceThoughItsChainAndItsLastUserGoAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
            for (int round = 1; round <= ROUNDS; round++) {
                OpenDiscovered<String, String> open = open();
                OpenDiscovered.Opened<String, String> used = Objects.requireNonNull(open.current());
                used.used();
                Future<?> last =
                        loop.submit(() -> {
                            both.await(5, TimeUnit.SECONDS);
                            used.ended();
                            return true;
                        });
                both.await(5, TimeUnit.SECONDS);
                open.close();
                last.get(5, TimeUnit.SECONDS);
                assertThat(closed).hasValue(round);
            }
        }
    }
}
