package dev.attache.proxy.overload;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a process does less of while a resource runs short. Envoy's well-known actions. */
public enum OverloadAction {

    /** New requests are answered with 503. */
    STOP_ACCEPTING_REQUESTS,

    /** HTTP/1.1 connections close after a response, HTTP/2 connections are told to go away. */
    DISABLE_HTTP_KEEPALIVE,

    /** Listening sockets are not read: the kernel's backlog fills. */
    STOP_ACCEPTING_CONNECTIONS,

    /** Connections are accepted and closed, at random by the action's value. */
    REJECT_INCOMING_CONNECTIONS,

    /** What the heap does not need goes back to the system. */
    SHRINK_HEAP,

    /** Timeouts shrink towards their configured minimum. */
    REDUCE_TIMEOUTS,

    /** HTTP/2 streams that hold most are reset. */
    RESET_HIGH_MEMORY_STREAM,

    /** Closes idle HTTP/3 connections; there are none here. */
    CLOSE_IDLE_HTTP_CONNECTIONS;

    private static final String PREFIX = "envoy.overload_actions.";

    private final String configName = PREFIX + name().toLowerCase(Locale.ROOT);

    /** As configuration and statistics call it. */
    public String configName() {
        return configName;
    }

    /** The action of a configured name, or null where Envoy knows none. */
    public static @Nullable OverloadAction named(String configName) {
        for (OverloadAction action : values()) {
            if (action.configName.equals(configName)) {
                return action;
            }
        }
        return null;
    }
}
