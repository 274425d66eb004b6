package dev.attache.proxy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Publishes and waits until every worker has moved on, for tests. */
final class Publishing {

    private Publishing() {}

    /** Both what failed at once and what workers could not open. */
    static PublishResult publish(Engine engine, ProxySnapshot snapshot) {
        Publication publication = engine.publish(snapshot);
        List<PublishResult.ListenerFailure> failures =
                new ArrayList<>(publication.atOnce().failures());
        try {
            failures.addAll(publication.adopted().get(10, TimeUnit.SECONDS).failures());
        } catch (Exception e) {
            throw new AssertionError("not adopted", e);
        }
        return new PublishResult(failures);
    }
}
