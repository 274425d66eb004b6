package dev.attache.xds;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has each update compiled elsewhere, until the test says what came of it. */
public final class WaitingWatcher extends NotingWatcher {

    private final Queue<CompletableFuture<UpdateOutcome>> compiling = new ArrayDeque<>();

    /** What came of the update that is compiled; the loop has to run before it is known there. */
    public void compiled(UpdateOutcome outcome) {
        compiling.remove().complete(outcome);
    }

    @Override
    public Takeover takeState(List<XdsResource> resources, String version) {
        String names = String.join(",", resources.stream().map(XdsResource::name).toList());
        return new Takeover() {
            private @Nullable CompletableFuture<UpdateOutcome> underWay;

            @Override
            public @Nullable UpdateOutcome step() {
                if (underWay == null) {
                    underWay = new CompletableFuture<>();
                    compiling.add(underWay);
                    heard.add("begins " + names);
                    return null;
                }
                heard.add("takes " + names);
                return underWay.join();
            }

            @Override
            public @Nullable CompletableFuture<?> awaits() {
                return underWay;
            }
        };
    }
}
