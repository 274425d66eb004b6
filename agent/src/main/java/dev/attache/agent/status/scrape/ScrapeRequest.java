package dev.attache.agent.status.scrape;

import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.status.StatusRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Prometheus asked, as far as it is passed on.
 *
 * @param limit of each scrape; where Prometheus says none, one of our own: an application that
 *     hangs must not keep what was begun for it for ever
 */
record ScrapeRequest(String accept, String userAgent, String timeoutSeconds, Duration limit) {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds";
    private static final Duration UNSAID = Duration.ofSeconds(60);

    static ScrapeRequest of(StatusRequest request) {
        String seconds = request.fields().text(TIMEOUT);
        return new ScrapeRequest(
                request.fields().text("Accept"),
                request.fields().text("User-Agent"),
                seconds,
                limit(seconds));
    }

    private static Duration limit(String seconds) {
        if (seconds.isEmpty()) {
            return UNSAID;
        }
        try {
            return Duration.ofNanos((long) (Double.parseDouble(seconds) * 1e9));
        } catch (NumberFormatException e) {
            LOG.warn("Failed to parse timeout header {}: {}", seconds, e.getMessage());
            return UNSAID;
        }
    }

    DataPlane.PrometheusAsker asker() {
        return new DataPlane.PrometheusAsker(
                AcceptedTypes.of(accept, AcceptedTypes.OF_THE_PROXY), userAgent, timeoutSeconds);
    }
}
