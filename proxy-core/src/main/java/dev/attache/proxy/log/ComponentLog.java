package dev.attache.proxy.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Envoy's component loggers as the request path uses it. Any thread.
 *
 * <p>Its switches are plain fields on purpose: they are read for every message of every request and
 * written by the admin interface; a worker that learns of the change a moment later does no harm.
 */
public final class ComponentLog {

    private static final Map<String, ComponentLog> ALL = new LinkedHashMap<>();

    public static final ComponentLog CLIENT = new ComponentLog("client");
    public static final ComponentLog CONFIG = new ComponentLog("config");
    public static final ComponentLog CONNECTION = new ComponentLog("connection");
    public static final ComponentLog CONN_HANDLER = new ComponentLog("conn_handler");
    public static final ComponentLog FILTER = new ComponentLog("filter");
    public static final ComponentLog HTTP = new ComponentLog("http");
    public static final ComponentLog HTTP2 = new ComponentLog("http2");
    public static final ComponentLog OAUTH2 = new ComponentLog("oauth2");
    public static final ComponentLog POOL = new ComponentLog("pool");
    public static final ComponentLog RBAC = new ComponentLog("rbac");
    public static final ComponentLog ROUTER = new ComponentLog("router");
    public static final ComponentLog UPSTREAM = new ComponentLog("upstream");

    private final Logger logger;
    private boolean debug;
    private boolean trace;

    private ComponentLog(String name) {
        this.logger = LoggerFactory.getLogger(name);
        ALL.put(name, this);
    }

    /** Follows the level that a component has got; nothing happens where no request meets it. */
    public static void follow(String component, boolean debug, boolean trace) {
        ComponentLog known = ALL.get(component);
        if (known != null) {
            known.debug = debug;
            known.trace = trace;
        }
    }

    /** Whether debug messages are written; to be asked before one is built. */
    public boolean debug() {
        return debug;
    }

    public boolean trace() {
        return trace;
    }

    public void debug(String message) {
        logger.debug(message);
    }

    public void trace(String message) {
        logger.trace(message);
    }

    /** What operators see unasked. */
    public void warn(String message) {
        logger.warn(message);
    }

    public void error(String message) {
        logger.error(message);
    }

    /** How a message names its connection, as Envoy does, blank included. */
    public static String tags(long connection) {
        return "[Tags: \"ConnectionId\":\"" + connection + "\"] ";
    }

    /** How a message names its connection and its stream. */
    public static String tags(long connection, long stream) {
        return "[Tags: \"ConnectionId\":\""
                + connection
                + "\",\"StreamId\":\""
                + Long.toUnsignedString(stream)
                + "\"] ";
    }
}
