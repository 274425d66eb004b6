package dev.attache.proxy.engine;

import dev.attache.proxy.engine.PublishResult.ListenerFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One snapshot that workers adopt, or that waits for its turn to be adopted. Guarded by the engine.
 */
final class Adoption {

    final ProxySnapshot snapshot;

    /** All that is to serve; loses what turns out not to open. */
    final Map<String, LiveListener> target;

    final List<ListenerFailure> failures = new ArrayList<>();
    final List<CompletableFuture<PublishResult>> waiting = new ArrayList<>();

    Adoption(
            ProxySnapshot snapshot,
            Map<String, LiveListener> target,
            CompletableFuture<PublishResult> adopted) {
        this.snapshot = snapshot;
        this.target = target;
        this.waiting.add(adopted);
    }

    /** Takes the place of one that was not begun: who waits for that one waits for this. */
    void supersede(Adoption older) {
        waiting.addAll(0, older.waiting);
    }

    /** What serves goes on in the place of {@code failed}, or nothing does. */
    void fallBack(LiveListener failed, Map<String, LiveListener> serving) {
        String name = failed.spec().name();
        if (target.get(name) != failed) {
            return;
        }
        LiveListener before = serving.get(name);
        if (before == null) {
            target.remove(name);
        } else {
            target.put(name, before);
        }
    }

    void complete() {
        PublishResult result = new PublishResult(failures);
        waiting.forEach(each -> each.complete(result));
    }
}
