package dev.attache.agent.status.scrape;

import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.status.StatusPage;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /stats/prometheus}: metrics of the agent, then of the proxy, then of the application, one
 * behind the other. What cannot be had is left out, counted and said. Bodies are passed on as they
 * come; only those of several applications are held, up to 10 MiB each. What the heap has no room
 * for waits. Any thread.
 */
public final class MergedMetrics implements StatusPage {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String FAILURES = "scrape_failures_total";
    private static final String FAILURES_HELP = "The total number of failed scrapes.";

    private final AgentMetrics metrics;
    private final @Nullable DataPlane proxy;
    private final ScrapeTargets targets;
    private final ScrapeRoom room;
    private final DoubleAdder scrapes;
    private final DoubleAdder proxyFailures;
    private final DoubleAdder applicationFailures;

    /**
     * @param proxy null where there is none, or its metrics are not merged
     */
    public MergedMetrics(AgentMetrics metrics, @Nullable DataPlane proxy, ScrapeTargets targets) {
        this(metrics, proxy, targets, ScrapeRoom.of(targets.targets().size()));
    }

    MergedMetrics(
            AgentMetrics metrics,
            @Nullable DataPlane proxy,
            ScrapeTargets targets,
            ScrapeRoom room) {
        this.metrics = metrics;
        this.proxy = proxy;
        this.targets = targets;
        this.room = room;
        this.scrapes = metrics.counter("scrapes_total", "The total number of scrapes.");
        this.proxyFailures = metrics.counter(FAILURES, FAILURES_HELP, "type", "envoy");
        this.applicationFailures = metrics.counter(FAILURES, FAILURES_HELP, "type", "application");
    }

    @Override
    public void answer(StatusRequest request, StatusReply reply) throws IOException {
        scrapes.add(1);
        ScrapeRequest asked = ScrapeRequest.of(request);
        try (ScrapeRoom.Place place = room.enter(asked.limit());
                InputStream ofProxy = proxy(request, asked)) {
            if (targets.targets().size() > 1) {
                several(reply, ofProxy, asked, place);
            } else {
                one(reply, ofProxy, asked);
            }
        } catch (ScrapeRoom.Full e) {
            LOG.warn("a scrape is refused: {}", e.getMessage());
            reply.error(503, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable InputStream proxy(StatusRequest request, ScrapeRequest asked) {
        DataPlane asking = proxy;
        if (asking == null) {
            return null;
        }
        try {
            return asking.prometheus(request.query(), asked.asker(), asked.limit());
        } catch (IOException e) {
            LOG.error("failed scraping envoy metrics: {}", e.getMessage());
            proxyFailures.add(1);
            return null;
        }
    }

    private void one(StatusReply reply, @Nullable InputStream ofProxy, ScrapeRequest asked)
            throws IOException {
        try (HttpReply ofApplication = application(asked)) {
            reply.field(
                    "Content-Type",
                    ofApplication == null
                            ? MetricsFormat.TEXT.type()
                            : MetricsFormat.of(ofApplication.fields().text("Content-Type")).type());
            OutputStream out = reply.body();
            agentAndProxy(out, ofProxy);
            if (ofApplication != null) {
                pass(ofApplication.body(), out, "application", applicationFailures);
            }
        }
    }

    private @Nullable HttpReply application(ScrapeRequest asked) {
        if (targets.targets().isEmpty()) {
            return null;
        }
        try {
            return ApplicationScrape.ask(
                    targets.targets().getFirst(),
                    asked,
                    AcceptedTypes.of(asked.accept(), AcceptedTypes.OF_APPLICATIONS));
        } catch (IOException e) {
            LOG.error("failed scraping application metrics: {}", e.getMessage());
            applicationFailures.add(1);
            return null;
        }
    }

    private void several(
            StatusReply reply,
            @Nullable InputStream ofProxy,
            ScrapeRequest asked,
            ScrapeRoom.Place place)
            throws IOException {
        List<HeldScrape> held =
                HeldScrape.all(targets.targets(), asked, applicationFailures, place);
        MetricsFormat format = HeldScrape.format(held);
        reply.field("Content-Type", format.type());
        OutputStream out = reply.body();
        agentAndProxy(out, ofProxy);
        for (HeldScrape scrape : held) {
            scrape.writeTo(out);
        }
        if (format != MetricsFormat.TEXT) {
            out.write("# EOF\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void agentAndProxy(OutputStream out, @Nullable InputStream ofProxy) throws IOException {
        out.write(metrics.print().getBytes(StandardCharsets.UTF_8));
        out.write(ProcessMetrics.print().getBytes(StandardCharsets.UTF_8));
        if (ofProxy != null) {
            pass(ofProxy, out, "envoy", proxyFailures);
        }
    }

    /** Passes a body on; a failure of its source is counted, one of the client ends the page. */
    private static void pass(InputStream from, OutputStream to, String what, DoubleAdder failures)
            throws IOException {
        byte[] piece = new byte[16 * 1024];
        while (true) {
            int read;
            try {
                read = from.read(piece);
            } catch (IOException e) {
                LOG.error("failed scraping and writing {} metrics: {}", what, e.getMessage());
                failures.add(1);
                return;
            }
            if (read < 0) {
                return;
            }
            to.write(piece, 0, read);
        }
    }
}
