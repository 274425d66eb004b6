package dev.attache.server.admin.web;

import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.log.Logging;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code /ui/} and what is below it: files, {@code data}, and {@code act}, which hands on to the
 * pages that change something. Asked on the main loop; what takes time is left to the admin thread.
 */
public final class WebInterface {

    private static final String ROOT = "/ui";

    private static final String DATA = ROOT + "/data/";
    private static final String ACT = ROOT + "/act";

    /** What the page may have done; {@code /quitquitquit} is for those who know its name. */
    private static final Set<String> ACTIONS =
            Set.of(
                    "/drain_listeners",
                    "/healthcheck/fail",
                    "/healthcheck/ok",
                    "/logging",
                    "/reopen_logs",
                    "/reset_counters");

    private final WebSource source;
    private final WebGuard guard;
    private final Function<AdminRequest, AdminAnswer> others;

    /**
     * @param others the pages of the admin interface
     */
    public WebInterface(WebSource source, Function<AdminRequest, AdminAnswer> others) {
        this.source = source;
        this.guard = new WebGuard(source.settings());
        this.others = others;
    }

    /**
     * Whether a path is that of a file of the page, which is the same for everybody and tells
     * nothing of this proxy.
     */
    public static boolean isFile(String path) {
        return path.equals(ROOT) || path.equals(ROOT + "/") || WebFiles.has(file(path));
    }

    private static String file(String path) {
        return path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : "";
    }

    public AdminAnswer answer(AdminRequest request) {
        String refused = guard.ofAny(request);
        if (refused != null) {
            return refused(refused);
        }
        String path = request.path();
        if (path.equals(ROOT)) {
            return AdminResponse.text(308, "").with(Map.of("location", "ui/"));
        }
        if (path.startsWith(DATA)) {
            String foreign = guard.ofData(request);
            return foreign == null ? secured(data(request)) : refused(foreign);
        }
        if (path.startsWith(ACT + "/")) {
            String unwanted = guard.ofAction(request);
            return unwanted == null ? secured(act(request)) : refused(unwanted);
        }
        return later(() -> file(request));
    }

    private static AdminResponse file(AdminRequest request) {
        String name = request.path().equals(ROOT + "/") ? WebFiles.START : file(request.path());
        AdminResponse file = WebFiles.read(name);
        return file == null ? AdminResponse.text(404, "no such file\n") : file;
    }

    private AdminAnswer data(AdminRequest request) {
        String name = request.path().substring(DATA.length());
        return switch (name) {
            case "signals" -> later(() -> new SignalsData(source).page());
            case "loggers" -> loggers();
            case "clusters" -> {
                List<SharedCluster> clusters = source.clusters().get();
                yield later(() -> new ClustersData(source.stats(), clusters).page(request));
            }
            case "attention" -> {
                List<SharedCluster> clusters = source.clusters().get();
                yield later(() -> new AttentionData(source, clusters).page());
            }
            case "cluster" -> cluster(request);
            default -> AdminResponse.text(404, "no such data\n");
        };
    }

    private AdminAnswer cluster(AdminRequest request) {
        String name = request.query().getOrDefault("name", "");
        for (SharedCluster cluster : source.clusters().get()) {
            if (cluster.spec().name().equals(name)) {
                return later(() -> new ClusterData(source.stats(), cluster).page(request));
            }
        }
        return AdminResponse.text(404, "there is no cluster '" + name + "'\n");
    }

    private static AdminResponse loggers() {
        JsonPage page = new JsonPage().begin('{');
        Logging.levels().forEach((name, level) -> page.field(name, level.text()));
        return page.end('}').answer();
    }

    private AdminAnswer act(AdminRequest request) {
        String path = request.path().substring(ACT.length());
        return ACTIONS.contains(path)
                ? others.apply(
                        new AdminRequest(
                                "POST", path, request.query(), request.headers(), request.body()))
                : AdminResponse.text(404, "nothing the page may do\n");
    }

    private static AdminAnswer later(Supplier<AdminResponse> page) {
        return new AdminAnswer.Later(() -> page.get().with(WebFiles.SECURITY));
    }

    private static AdminAnswer secured(AdminAnswer answer) {
        return switch (answer) {
            case AdminResponse response -> response.with(WebFiles.SECURITY);
            case AdminAnswer.Later made -> later(made.page());
            case AdminAnswer.Eventually given ->
                    new AdminAnswer.Eventually(
                            given.page().thenApply(page -> page.with(WebFiles.SECURITY)));
        };
    }

    private static AdminResponse refused(String why) {
        return AdminResponse.text(403, why).with(WebFiles.SECURITY);
    }
}
