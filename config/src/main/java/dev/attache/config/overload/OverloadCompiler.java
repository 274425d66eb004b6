package dev.attache.config.overload;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.overload.OverloadSpec.Monitor;
import dev.attache.config.overload.OverloadSpec.Point;
import dev.attache.config.overload.OverloadSpec.Trigger;
import dev.attache.proxy.overload.LoadShedPoint;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code overload_manager}; refuses in Envoy's words. */
public final class OverloadCompiler {

    private final OverloadManager manager;
    private final CompileContext context;
    private final Set<String> resources = new HashSet<>();
    private final List<Monitor> monitors = new ArrayList<>();
    private long maxConnections;

    private OverloadCompiler(OverloadManager manager, CompileContext context) {
        this.manager = manager;
        this.context = context;
    }

    /**
     * @param context at {@code overload_manager}; constraints hold
     */
    public static OverloadSpec compile(OverloadManager manager, CompileContext context) {
        return new OverloadCompiler(manager, context).compile();
    }

    private OverloadSpec compile() {
        long refresh =
                Durations.millis(
                        manager.hasRefreshInterval(),
                        manager.getRefreshInterval(),
                        OverloadSpec.DEFAULT_REFRESH_MILLIS,
                        context.at("refresh_interval"));
        for (int i = 0; i < manager.getResourceMonitorsCount(); i++) {
            monitor(manager.getResourceMonitors(i), context.at("resource_monitors", i));
        }
        ActionCompiler actions = new ActionCompiler(this, manager.hasBufferFactoryConfig());
        for (int i = 0; i < manager.getActionsCount(); i++) {
            actions.add(manager.getActions(i), context.at("actions", i));
        }
        List<Point> points = points(actions.names());
        return new OverloadSpec(
                refresh,
                monitors,
                maxConnections,
                actions.compiled(),
                points,
                manager.getBufferFactoryConfig().getMinimumAccountToTrackPowerOfTwo(),
                actions.shrinkMillis(),
                actions.shrinkKeepBytes());
    }

    private void monitor(ResourceMonitor monitor, CompileContext at) {
        String name = monitor.getName();
        Object compiled =
                at.at("typed_config")
                        .extension(
                                ExtensionCategory.RESOURCE_MONITOR,
                                Object.class,
                                name,
                                monitor.getTypedConfig());
        boolean proactive = name.equals(DownstreamConnectionLimit.NAME);
        if (compiled != null && proactive != compiled instanceof DownstreamConnectionLimit) {
            at.at("typed_config")
                    .missing(name, TypeRegistry.nameOf(monitor.getTypedConfig().getTypeUrl()));
            return;
        }
        if (!(proactive || resources.add(name)) || proactive && maxConnections > 0) {
            at.at("name").error("Duplicate resource monitor " + name);
            return;
        }
        switch (compiled) {
            case DownstreamConnectionLimit limit -> maxConnections = limit.max();
            case ResourceMonitorSpec spec -> monitors.add(new Monitor(name, spec));
            case null, default -> {}
        }
    }

    private List<Point> points(Set<String> actions) {
        List<Point> points = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < manager.getLoadshedPointsCount(); i++) {
            var point = manager.getLoadshedPoints(i);
            CompileContext at = context.at("loadshed_points", i);
            String name = point.getName();
            if (actions.contains(name)) {
                at.at("name")
                        .error(
                                "Load shed point \"%s\" conflicts with an overload action of the same name"
                                        .formatted(name));
            }
            List<Trigger> triggers =
                    triggers(
                            point.getTriggersList(),
                            "loadshed point " + name,
                            "LoadShedPoint " + name,
                            false,
                            at);
            if (!names.add(name)) {
                at.at("name").error("Duplicate loadshed point " + name);
            }
            LoadShedPoint known = LoadShedPoint.named(name);
            if (known == null) {
                at.at("name").warning(withoutEffect(name));
            }
            points.add(new Point(name, known, triggers));
        }
        return points;
    }

    private static String withoutEffect(String name) {
        return name.startsWith("envoy.load_shed_points.http3_")
                ? "there is no HTTP/3 here: load shed point '%s' sheds nothing".formatted(name)
                : "load shed point '%s' sheds nothing: nothing here asks for that name"
                        .formatted(name);
    }

    /**
     * @param owner how Envoy calls whose triggers they are where a resource is unknown
     * @param duplicateOwner and where one is named twice
     * @param proactive whether a resource that is not measured at intervals may be named
     */
    List<Trigger> triggers(
            List<io.envoyproxy.envoy.config.overload.v3.Trigger> triggers,
            String owner,
            String duplicateOwner,
            boolean proactive,
            CompileContext at) {
        List<Trigger> compiled = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (int i = 0; i < triggers.size(); i++) {
            var trigger = triggers.get(i);
            CompileContext here = at.at("triggers", i);
            String resource = trigger.getName();
            if (!named.add(resource)) {
                here.at("name").error("Duplicate trigger resource for " + duplicateOwner);
            }
            boolean known =
                    resources.contains(resource)
                            || proactive && resource.equals(DownstreamConnectionLimit.NAME);
            if (!known) {
                here.at("name")
                        .error("Unknown trigger resource %s for %s".formatted(resource, owner));
            }
            compiled.add(trigger(trigger, here));
        }
        return compiled;
    }

    private static Trigger trigger(
            io.envoyproxy.envoy.config.overload.v3.Trigger trigger, CompileContext at) {
        if (!trigger.hasScaled()) {
            double threshold = trigger.getThreshold().getValue();
            return new Trigger(trigger.getName(), threshold, threshold);
        }
        var scaled = trigger.getScaled();
        if (scaled.getScalingThreshold() >= scaled.getSaturationThreshold()) {
            at.at("scaled").error("scaling_threshold must be less than saturation_threshold");
        }
        return new Trigger(
                trigger.getName(), scaled.getScalingThreshold(), scaled.getSaturationThreshold());
    }
}
