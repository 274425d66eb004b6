package dev.attache.server.plane.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class XdsHistoryTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final XdsHistory history = new XdsHistory(() -> now);
    private final UpdateJournal.Stream ads = history.stream("xds_cluster", "ads/delta");

    @Test
    void whatAResponseChangesIsItsDoing() {
        ads.connected(true);
        UpdateJournal.Response clusters = ads.response(ResourceType.CLUSTER, "7", "n1", 3);
        UpdateJournal.Response listeners = ads.response(ResourceType.LISTENER, "8", "n2", 1);
        during(clusters, () -> history.changed("a", Change.ADDED));
        during(listeners, () -> history.changed("l", Change.CHANGED));
        during(clusters, () -> history.changed("b", Change.REMOVED));
        now = now.plusMillis(20);
        clusters.answered(null);
        listeners.answered("l: no");
        history.changed("by nobody", Change.REMOVED);

        List<XdsSnapshot.Update> updates = history.snapshot().updates();
        assertThat(updates).hasSize(2);
        XdsSnapshot.Update first = of("cds", updates);
        assertThat(first.version()).isEqualTo("7");
        assertThat(first.nonce()).isEqualTo("n1");
        assertThat(first.took()).isEqualTo(Duration.ofMillis(20));
        assertThat(first.added().first()).containsExactly("a");
        assertThat(first.removed().first()).containsExactly("b");
        assertThat(of("lds", updates).error()).isEqualTo("l: no");

        XdsSnapshot.Stream stream = history.snapshot().streams().getFirst();
        assertThat(stream.connected()).isTrue();
        assertThat(stream.types()).extracting(XdsSnapshot.Type::acks).containsExactly(1L, 0L);
        assertThat(stream.types()).extracting(XdsSnapshot.Type::nacks).containsExactly(0L, 1L);
        assertThat(stream.types().get(1).version()).isEmpty();
        assertThat(stream.types().get(1).lastError())
                .isEqualTo(new XdsSnapshot.Problem(now, "8", "l: no"));
    }

    @Test
    void whatLeavesIsBookedOnTheNewestResponseThatReplacedIt() {
        for (String version : List.of("1", "2", "3")) {
            UpdateJournal.Response response =
                    ads.response(ResourceType.LISTENER, version, version, 1);
            String changed = version.equals("3") ? "other" : "web";
            during(response, () -> history.changed(changed, Change.CHANGED));
            response.answered(null);
            now = now.plusSeconds(1);
        }
        history.drained(ResourceType.LISTENER, "filter_chains", "web", 2, 40);
        assertThat(history.snapshot().updates())
                .filteredOn(update -> !update.drained().isEmpty())
                .singleElement()
                .satisfies(update -> {
                    assertThat(update.version()).isEqualTo("2");
                    assertThat(update.drained())
                            .containsExactly(new Drain(now, "filter_chains", "web", 2, 40));
                });
    }

    @Test
    void itIsBounded() {
        for (int i = 0; i < XdsHistory.KEPT + 5; i++) {
            UpdateJournal.Response response = ads.response(ResourceType.CLUSTER, "" + i, "", 99);
            during(
                    response,
                    () -> {
                        for (int name = 0; name < Names.KEPT + 7; name++) {
                            history.changed("c" + name, Change.ADDED);
                        }
                    });
            response.answered(null);
            now = now.plusSeconds(1);
        }
        List<XdsSnapshot.Update> updates = history.snapshot().updates();
        assertThat(updates).hasSize(XdsHistory.KEPT);
        assertThat(updates.getFirst().version()).isEqualTo("" + (XdsHistory.KEPT + 4));
        assertThat(updates.getFirst().added().count()).isEqualTo(Names.KEPT + 7);
        assertThat(updates.getFirst().added().first()).hasSize(Names.KEPT);
    }

    @Test
    void lossesAreCountedAndStreamsThatEndForgotten() {
        ads.connected(true);
        now = now.plusSeconds(5);
        ads.connected(false);
        ads.lost("connection refused");
        XdsSnapshot.Stream stream = history.snapshot().streams().getFirst();
        assertThat(stream.connected()).isFalse();
        assertThat(stream.since()).isEqualTo(now);
        assertThat(stream.losses()).isEqualTo(1);
        assertThat(stream.lastLoss())
                .isEqualTo(new XdsSnapshot.Problem(now, "", "connection refused"));
        ads.closed();
        assertThat(history.snapshot().streams()).isEmpty();
    }

    @Test
    void aWatcherByNameIsAddedThenChangedAndNotWhereTheBytesAreTheSame() {
        Answering store = new Answering();
        ResourceWatcher watcher = history.noting(store);
        UpdateJournal.Response response = ads.response(ResourceType.ENDPOINT, "1", "", 1);
        during(
                response,
                () -> {
                    watcher.onState(List.of(resource("one")), "1");
                    watcher.onState(List.of(resource("one")), "2");
                    store.outcome = UpdateOutcome.rejected("no");
                    watcher.onDelta(List.of(resource("bad")), List.of(), "3");
                    store.outcome = UpdateOutcome.ACCEPTED;
                    watcher.onDelta(List.of(resource("two")), List.of(), "4");
                    watcher.onDelta(List.of(), List.of("web"), "5");
                });
        XdsSnapshot.Update update = history.snapshot().updates().getFirst();
        assertThat(update.added()).isEqualTo(new Names(1, List.of("web")));
        assertThat(update.changed()).isEqualTo(new Names(1, List.of("web")));
        assertThat(update.removed().count()).isZero();
        assertThat(update.took()).isNull();
    }

    private static XdsResource resource(String content) {
        Any body = Any.newBuilder().setValue(ByteString.copyFromUtf8(content)).build();
        return new XdsResource("web", List.of(), "", body, null);
    }

    private static void during(UpdateJournal.Response response, Runnable work) {
        response.enter();
        work.run();
        response.leave();
    }

    private static XdsSnapshot.Update of(String type, List<XdsSnapshot.Update> updates) {
        return updates.stream().filter(update -> update.type().equals(type)).findFirst().get();
    }

    /** A store that says to everything what it is to say. */
    private static final class Answering implements ResourceWatcher {
        private UpdateOutcome outcome = UpdateOutcome.ACCEPTED;

        @Override
        public UpdateOutcome onState(List<XdsResource> resources, String version) {
            return outcome;
        }

        @Override
        public UpdateOutcome onDelta(
                List<XdsResource> changed, List<String> removed, String version) {
            return outcome;
        }

        @Override
        public void onFailure(FetchFailure reason, String detail) {
            throw new AssertionError(detail);
        }
    }
}
