package dev.attache.config.bootstrap;

import dev.attache.proxy.listener.spec.InternalListenerSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the bootstrap's extensions compile to.
 *
 * @param internalListeners null: there are none
 * @param subscriptions what is asked of control planes beside Envoy's own resources
 */
public record ProcessExtensions(
        @Nullable InternalListenerSettings internalListeners,
        List<ProcessSubscription> subscriptions) {
    public ProcessExtensions {
        subscriptions = List.copyOf(subscriptions);
    }
}
