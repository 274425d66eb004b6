package dev.attache.filters.http.lua.exchange;

import dev.attache.proxy.http.Octets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What scripts log, in Envoy's words. */
public final class ScriptLog {

    private static final Logger LOG = LoggerFactory.getLogger("lua");
    private static final Logger MISC = LoggerFactory.getLogger("misc");
    private static final Marker CRITICAL = MarkerFactory.getMarker("CRITICAL");
    private static final String FORM = "script log: {}";

    private ScriptLog() {}

    public static void error(String octets) {
        LOG.error(FORM, Octets.text(octets));
    }

    /**
     * @param level from trace, 0, to critical, 5
     */
    public static void log(int level, String octets) {
        String text = Octets.text(octets);
        switch (level) {
            case 0 -> LOG.trace(FORM, text);
            case 1 -> LOG.debug(FORM, text);
            case 2 -> LOG.info(FORM, text);
            case 3 -> LOG.warn(FORM, text);
            case 4 -> LOG.error(FORM, text);
            default -> LOG.error(CRITICAL, FORM, text);
        }
    }

    public static void sslIsDeprecated() {
        MISC.warn(
                "connection():ssl() is deprecated and will be removed in a future release."
                        + " Use streamInfo():downstreamSslConnection() instead.");
    }
}
