package dev.attache.config.overload;

/** A resource monitor as configured; what the factories of the category make. Immutable. */
@FunctionalInterface
public interface ResourceMonitorSpec {

    /** A monitor that begins to measure now. */
    ResourceMonitor open();
}
