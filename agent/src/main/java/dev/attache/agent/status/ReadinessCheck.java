package dev.attache.agent.status;

import org.jspecify.annotations.Nullable;

/** One of the things that have to be right before the proxy is ready. Any thread; may block. */
@FunctionalInterface
public interface ReadinessCheck {

    /** Why it is not, in the words of pilot-agent; null when it is. */
    @Nullable String notReady();
}
