package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedWatcherTest {
    private final List<String> seen = new ArrayList<>();
    private final NamedWatcher watcher =
            new NamedWatcher("wanted") {
                @Override
                UpdateOutcome onResource(XdsResource resource) {
                    seen.add("took " + resource.version());
                    return UpdateOutcome.ACCEPTED;
                }

                @Override
                UpdateOutcome onNothing(boolean removed) {
                    seen.add(removed ? "gone" : "nothing");
                    onGivenUp();
                    return UpdateOutcome.ACCEPTED;
                }

                @Override
                void onGivenUp() {
                    seen.add("given up");
                }
            };

    @Test
    void aDifferenceThatOnlyRemovesTheAwaitedResourceEndsTheWait() {
        assertThat(watcher.onDelta(List.of(), List.of("wanted"), "1"))
                .isEqualTo(UpdateOutcome.ACCEPTED);

        assertThat(seen).containsExactly("gone", "given up");
    }

    @Test
    void aDifferenceAboutOthersLeavesTheWaitAsItIs() {
        watcher.onDelta(List.of(resource("other")), List.of(), "1");

        assertThat(seen).isEmpty();
    }

    @Test
    void whatArrivesAfterARemovalIsTaken() {
        watcher.onDelta(List.of(), List.of("wanted"), "1");
        watcher.onDelta(List.of(resource("wanted")), List.of(), "2");

        assertThat(seen).containsExactly("gone", "given up", "took v");
    }

    private static XdsResource resource(String name) {
        return new XdsResource(name, List.of(), "v", Any.getDefaultInstance(), null);
    }
}
