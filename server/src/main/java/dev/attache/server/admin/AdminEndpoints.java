package dev.attache.server.admin;

import static dev.attache.server.admin.http.AdminEndpoint.choice;
import static dev.attache.server.admin.http.AdminEndpoint.flag;
import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.post;
import static dev.attache.server.admin.http.AdminEndpoint.text;

import com.google.protobuf.Message;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.stats.Counter;
import dev.attache.server.admin.dump.AddressMessages;
import dev.attache.server.admin.dump.CertificatesDump;
import dev.attache.server.admin.dump.ClustersDump;
import dev.attache.server.admin.dump.ConfigDump;
import dev.attache.server.admin.dump.ConfigSections;
import dev.attache.server.admin.dump.ConfigSnapshot;
import dev.attache.server.admin.dump.RuntimeDump;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.admin.message.KnownTypes;
import dev.attache.server.admin.message.MessagePrinter;
import dev.attache.server.admin.message.Part;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.stats.NameFilter;
import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.explain.ExplainEndpoint;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.review.dryrun.DryRunEndpoint;
import io.envoyproxy.envoy.admin.v3.ListenerStatus;
import io.envoyproxy.envoy.admin.v3.Listeners;
import io.envoyproxy.envoy.admin.v3.UnreadyTargetsDumps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The table of endpoints over one running server. Handlers run on the main loop.
 *
 * <p>Longer than files here should be: a row and a handler for each page of Envoy.
 */
final class AdminEndpoints {

    private static final String OK = "OK\n";

    private final AdminSubject server;
    private final KnownTypes types;
    private final StatsPages stats;
    private final TreeMap<String, AdminEndpoint> table = new TreeMap<>();

    /** Pages that Envoy does not have stand in no list of pages, which is Envoy's. */
    private final Map<String, AdminEndpoint> own = new HashMap<>();

    private final WebEndpoints web;

    AdminEndpoints(AdminSubject server, TypeRegistry types, StatsPages stats) {
        this.server = server;
        this.types = new KnownTypes(types);
        this.stats = stats;
        this.web = new WebEndpoints(server, this::handle);
        for (AdminEndpoint endpoint : all()) {
            table.put(endpoint.path(), endpoint);
        }
        for (AdminEndpoint endpoint : new ExtensionEndpoints(server).all()) {
            own.put(endpoint.path(), endpoint);
        }
        AdminEndpoint xds = new XdsEndpoint(server).endpoint();
        own.put(xds.path(), xds);
        AdminEndpoint dryRun = new DryRunEndpoint(server.dryRuns()).endpoint();
        own.put(dryRun.path(), dryRun);
        for (AdminEndpoint endpoint :
                new ExplainEndpoint(server::explain, server.explaining()).all()) {
            own.put(endpoint.path(), endpoint);
        }
    }

    /** Whether the page at a path changes something. */
    boolean isMutating(String path) {
        AdminEndpoint endpoint = table.getOrDefault(path, own.get(path));
        return endpoint != null && endpoint.mutating();
    }

    /** Answers one request; what a handler throws is a 500 that says so. */
    AdminAnswer handle(AdminRequest request) {
        if (WebEndpoints.own(request.path())) {
            return web.handle(request);
        }
        AdminEndpoint endpoint = table.getOrDefault(request.path(), own.get(request.path()));
        if (endpoint == null) {
            return AdminResponse.text(404, "invalid path. " + AdminPages.help(table.values()));
        }
        if (endpoint.mutating() && !request.method().equals("POST")) {
            return AdminResponse.text(
                    405, "Method " + request.method() + " not allowed, POST required.");
        }
        return endpoint.handler().apply(request);
    }

    private List<AdminEndpoint> all() {
        List<AdminEndpoint> endpoints = new ArrayList<>();
        endpoints.addAll(reading());
        endpoints.addAll(changing());
        endpoints.addAll(new ProfilingEndpoints(server).all());
        return endpoints;
    }

    private List<AdminEndpoint> reading() {
        return List.of(
                get(
                        "/",
                        "Admin home page",
                        r -> AdminResponse.html(AdminPages.home(table.values()))),
                get("/certs", "print certs on machine", r -> certs()),
                get(
                        "/clusters",
                        "upstream cluster status",
                        this::clusters,
                        text(
                                "filter",
                                "Regular expression (Google re2) for filtering clusters by name")),
                get(
                        "/config_dump",
                        "dump current Envoy configs",
                        this::configDump,
                        text("resource", "The resource to dump"),
                        text(
                                "mask",
                                "The mask to apply. When both resource and mask are specified, the"
                                        + " mask is applied to every element in the desired repeated"
                                        + " field so that only a subset of fields are returned. The"
                                        + " mask is parsed as a Protobuf::FieldMask"),
                        text(
                                "name_regex",
                                "Dump only the currently loaded configurations whose names match"
                                        + " the specified regex. Can be used with both resource and"
                                        + " mask query parameters."),
                        flag(
                                "include_eds",
                                "Dump currently loaded configuration including EDS. See the"
                                        + " response definition for more information")),
                get(
                        "/help",
                        "print out list of admin commands",
                        r -> AdminResponse.text(AdminPages.help(table.values()))),
                get(
                        "/hot_restart_version",
                        "print the hot restart compatibility version",
                        r -> AdminResponse.text(server.lifecycle().restartVersion())),
                get(
                        "/init_dump",
                        "dump current Envoy init manager information (experimental)",
                        this::initDump,
                        text(
                                "mask",
                                "The desired component to dump unready targets. The mask is parsed"
                                        + " as a Protobuf::FieldMask. For example, get the unready"
                                        + " targets of all listeners with /init_dump?mask=listener`")),
                get(
                        "/listeners",
                        "print listener info",
                        this::listeners,
                        choice("format", "File format to use", "text", "json")),
                get(
                        "/memory",
                        "print current allocation/heap usage",
                        r -> json(ServerInfoMessages.memory())),
                get(
                        "/ready",
                        "print server state, return 200 if LIVE, otherwise return 503",
                        r -> ready()),
                get(
                        "/runtime",
                        "print runtime values",
                        r ->
                                AdminResponse.json(
                                        RuntimeDump.of(server.bootstrap().getLayeredRuntime()))),
                get(
                        "/server_info",
                        "print server version/status information",
                        r ->
                                AdminResponse.json(
                                        AdminBody.of(
                                                MessagePrinter.withDefaults(
                                                        types,
                                                        part(
                                                                ServerInfoMessages.serverInfo(
                                                                        server)))))),
                get(
                        "/stats",
                        "print server stats",
                        this::stats,
                        flag(
                                "usedonly",
                                "Only include stats that have been written by system since"
                                        + " restart"),
                        text("filter", "Regular expression (Google re2) for filtering stats"),
                        flag("invert_filter", "Invert the filter regex"),
                        choice("format", "Format to use", "html", "active-html", "text", "json"),
                        choice(
                                "type",
                                "Stat types to include.",
                                "All",
                                "Counters",
                                "Histograms",
                                "Gauges",
                                "TextReadouts"),
                        choice(
                                "histogram_buckets",
                                "Histogram bucket display mode",
                                "cumulative",
                                "disjoint",
                                "detailed",
                                "summary")),
                get(
                        "/stats/prometheus",
                        "print server stats in prometheus format",
                        this::prometheus,
                        flag(
                                "usedonly",
                                "Only include stats that have been written by system since"
                                        + " restart"),
                        flag(
                                "text_readouts",
                                "Render text_readouts as new gaugues with value 0 (increases"
                                        + " Prometheus data size)"),
                        text("filter", "Regular expression (Google re2) for filtering stats"),
                        flag("invert_filter", "Invert the filter regex"),
                        choice(
                                "histogram_buckets",
                                "Histogram bucket display mode",
                                "cumulative",
                                "summary")));
    }

    private List<AdminEndpoint> changing() {
        return List.of(
                post(
                        "/drain_listeners",
                        "drain listeners",
                        this::drainListeners,
                        flag(
                                "graceful",
                                "When draining listeners, enter a graceful drain period prior to"
                                        + " closing listeners. This behaviour and duration is"
                                        + " configurable via server options or CLI"),
                        flag(
                                "skip_exit",
                                "When draining listeners, drain the connections but never stop the"
                                        + " listeners. The graceful parameter has no effect when this"
                                        + " is set, since the drain period only delays stopping the"
                                        + " listeners"),
                        flag(
                                "inboundonly",
                                "Drains all inbound listeners. traffic_direction field in"
                                        + " envoy_v3_api_msg_config.listener.v3.Listener is used to"
                                        + " determine whether a listener is inbound or outbound.")),
                post(
                        "/healthcheck/fail",
                        "cause the server to fail health checks",
                        r -> health(true)),
                post(
                        "/healthcheck/ok",
                        "cause the server to pass health checks",
                        r -> health(false)),
                post(
                        "/logging",
                        "query/change logging levels",
                        LoggingEndpoint::handle,
                        text(
                                "paths",
                                "Change multiple logging levels by setting to"
                                        + " <logger_name1>:<desired_level1>,<logger_name2>:<desired_level2>."
                                        + " If fine grain logging is enabled, use __FILE__ or a glob"
                                        + " experision as the logger name. For example,"
                                        + " source/common*:warning"),
                        text(
                                "group",
                                "Change given logger group to desired level, set to"
                                        + " <logger_group_name>:<desired_level>. logger_group_name"
                                        + " must be a logger name."),
                        choice(
                                "level",
                                "desired logging level, this will change all loggers's level",
                                "",
                                "trace",
                                "debug",
                                "info",
                                "warning",
                                "error",
                                "critical",
                                "off")),
                post("/quitquitquit", "exit the server", r -> quit()),
                post("/reopen_logs", "reopen access logs", r -> reopenLogs()),
                post("/reset_counters", "reset all counters to zero", r -> resetCounters()));
    }

    private AdminResponse json(Message message) {
        return AdminResponse.json(AdminBody.of(MessagePrinter.plain(types, part(message))));
    }

    private static Part part(Message message) {
        return Part.of(MessageBytes.of(message));
    }

    private AdminAnswer certs() {
        ConfigSnapshot config = snapshot(false);
        return new AdminAnswer.Later(() ->
                AdminResponse.json(
                        AdminBody.of(
                                MessagePrinter.withDefaults(
                                        types, CertificatesDump.of(config, types)))));
    }

    private AdminAnswer clusters(AdminRequest request) {
        NameFilter filter = null;
        if (request.get("filter") != null) {
            try {
                filter = NameFilter.of(request.get("filter"));
            } catch (IllegalArgumentException e) {
                return AdminResponse.text(400, "Invalid re2 regex");
            }
        }
        ClustersDump dump = new ClustersDump(server.plane().clusters().serving());
        NameFilter names = filter;
        boolean json = "json".equals(request.get("format"));
        return new AdminAnswer.Later(() ->
                json
                        ? AdminResponse.json(
                                AdminBody.of(MessagePrinter.plain(types, dump.message(names))))
                        : AdminResponse.text(AdminBody.of(dump.texts(names))));
    }

    private AdminAnswer configDump(AdminRequest request) {
        Predicate<String> names = name -> true;
        String pattern = request.get("name_regex");
        if (pattern != null && !pattern.isEmpty()) {
            try {
                names = Regex.compile(pattern)::matches;
            } catch (IllegalArgumentException e) {
                return new AdminResponse(
                        400,
                        "text/plain",
                        "INVALID_ARGUMENT: Error while parsing name_regex from "
                                + pattern
                                + ": "
                                + e.getMessage());
            }
        }
        boolean endpoints = request.has("include_eds");
        ConfigSections sections = new ConfigSections(snapshot(endpoints), names);
        String resource = request.get("resource");
        String mask = request.get("mask");
        return new AdminAnswer.Later(() -> {
            ConfigDump dump = new ConfigDump(sections.all(endpoints), types);
            return resource == null || resource.isEmpty()
                    ? dump.all(mask)
                    : dump.resource(resource, mask);
        });
    }

    private AdminResponse initDump(AdminRequest request) {
        UnreadyTargetsDumps.Builder dump = UnreadyTargetsDumps.newBuilder();
        for (Map.Entry<String, List<String>> waiting : server.plane().unready().entrySet()) {
            UnreadyTargetsDumps.UnreadyTargetsDump.Builder one =
                    UnreadyTargetsDumps.UnreadyTargetsDump.newBuilder()
                            .setName("init manager " + waiting.getKey());
            for (String target : waiting.getValue()) {
                one.addTargetNames("target " + target);
            }
            dump.addUnreadyTargetsDumps(one);
        }
        return json(dump.build());
    }

    private AdminResponse listeners(AdminRequest request) {
        Map<String, List<dev.attache.proxy.address.Address>> bound =
                new TreeMap<>(server.listenerAddresses());
        if ("json".equals(request.get("format"))) {
            Listeners.Builder all = Listeners.newBuilder();
            bound.forEach((name, addresses) -> {
                ListenerStatus.Builder status = ListenerStatus.newBuilder().setName(name);
                for (int i = 0; i < addresses.size(); i++) {
                    if (i == 0) {
                        status.setLocalAddress(AddressMessages.of(addresses.get(i)));
                    } else {
                        status.addAdditionalLocalAddresses(AddressMessages.of(addresses.get(i)));
                    }
                }
                all.addListenerStatuses(status);
            });
            return json(all.build());
        }
        StringBuilder out = new StringBuilder();
        bound.forEach((name, addresses) ->
                addresses.forEach(
                        address -> out.append(name).append("::").append(address).append('\n')));
        return AdminResponse.text(out.toString());
    }

    private AdminResponse ready() {
        ServerState state = server.lifecycle().state();
        return AdminResponse.text(state == ServerState.LIVE ? 200 : 503, state + "\n");
    }

    private AdminAnswer stats(AdminRequest request) {
        server.serverStats().update();
        server.flushStatsOnAdmin();
        Supplier<StatsPages.Page> page = stats.statsLater(request.query());
        return new AdminAnswer.Later(() -> answer(page.get()));
    }

    private AdminAnswer prometheus(AdminRequest request) {
        server.serverStats().update();
        server.flushStatsOnAdmin();
        Supplier<StatsPages.Page> page = stats.prometheusLater(request.query());
        return new AdminAnswer.Later(() -> answer(page.get()));
    }

    private static AdminResponse answer(StatsPages.Page page) {
        return switch (page.form()) {
            case TEXT -> AdminResponse.text(page.status(), page.body());
            case JSON -> AdminResponse.json(page.body());
            case HTML -> AdminResponse.html(AdminPages.stats(page.body()));
        };
    }

    private AdminResponse drainListeners(AdminRequest request) {
        server.drainListeners(
                request.has("inboundonly"), request.has("graceful"), request.has("skip_exit"));
        return AdminResponse.text(OK);
    }

    private AdminResponse health(boolean fail) {
        server.lifecycle().healthCheckFailed(fail);
        return AdminResponse.text(OK);
    }

    private AdminResponse quit() {
        server.shutdown(ProcessExit.DONE);
        return AdminResponse.text(OK);
    }

    private AdminResponse reopenLogs() {
        server.reopenLogs();
        return AdminResponse.text(OK);
    }

    private AdminResponse resetCounters() {
        server.stats().counters().forEach(Counter::reset);
        return AdminResponse.text(OK);
    }

    private ConfigSnapshot snapshot(boolean withEndpoints) {
        return ConfigSnapshot.of(
                server.bootstrap(),
                server.node(),
                server.lifecycle().started(),
                server.plane(),
                withEndpoints);
    }
}
