package dev.attache.config.bootstrap;

import dev.attache.config.accesslog.AccessLogFilters;
import dev.attache.config.cluster.ClusterSupport;
import dev.attache.config.endpoint.LoadAssignmentCompiler;
import dev.attache.config.http.HttpOptionsCompiler;
import dev.attache.config.listener.ListenerSupport;
import dev.attache.config.route.RouteSupport;
import dev.attache.config.support.MessageSupport;
import java.util.ArrayList;
import java.util.List;

/**
 * The support declarations of all core resources; what extensions support they declare themselves.
 */
public final class CoreSupport {
    private CoreSupport() {}

    public static List<MessageSupport> all() {
        List<MessageSupport> all = new ArrayList<>();
        all.addAll(BootstrapSupport.declare());
        all.addAll(ClusterSupport.declare());
        all.addAll(LoadAssignmentCompiler.support());
        all.addAll(ListenerSupport.declare());
        all.add(AccessLogFilters.support());
        all.addAll(RouteSupport.declare());
        all.addAll(HttpOptionsCompiler.support());
        return List.copyOf(all);
    }
}
