package dev.attache.proxy.upstream.host;

/** Hears what answers to ordinary requests say of a host's health; told by workers. */
@FunctionalInterface
public interface HealthMonitor {

    /** Nobody checks the host. */
    HealthMonitor NONE = () -> {};

    /** The host answered with {@code x-envoy-immediate-health-check-fail}. Any thread. */
    void onImmediateFail();
}
