package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the subsets of one host set, in one pass over its hosts. Those in which nothing has changed
 * since the table before are taken from there, with whatever was made of them.
 */
final class SubsetAssembly {

    private final SubsetSpec spec;
    private final KeySets keySets;
    private final HostSet whole;
    private final HostViews views;
    private final Map<SubsetKey, SubsetMembers> members = new LinkedHashMap<>();
    private final Set<SubsetKey> taken = new HashSet<>();
    private final @Nullable SubsetTable before;
    private long duplicates;

    SubsetAssembly(SubsetSpec spec, HostSet whole, @Nullable SubsetTable before) {
        this.spec = spec;
        this.keySets = new KeySets(spec);
        this.whole = whole;
        this.views = new HostViews(whole);
        boolean comparable = before != null && SubsetMembers.sameFrame(before.whole(), whole);
        this.before = comparable ? before : null;
    }

    SubsetTable table() {
        if (spec.needsAny()) {
            members.put(SubsetKey.ANY, new SubsetMembers(whole, views, false));
        }
        if (spec.needsDefault()) {
            members.put(SubsetKey.DEFAULT, new SubsetMembers(whole, views, false));
        }
        for (int level = 0; level < whole.priorities().size(); level++) {
            taken.clear();
            duplicates = 0;
            sort(level);
        }
        Map<SubsetKey, Subset> subsets = new LinkedHashMap<>();
        members.forEach((key, own) -> {
            Subset known = before == null ? null : before.get(key);
            subsets.put(key, own.subset(key, subsets.size(), spec, known));
        });
        return new SubsetTable(whole, subsets, keySets, duplicates);
    }

    private void sort(int level) {
        PriorityHosts hosts = whole.priorities().get(level);
        for (int locality = 0; locality < hosts.localities().size(); locality++) {
            LocalityHosts group = hosts.localities().get(locality);
            for (Host host : group.hosts()) {
                sort(host, level, locality);
            }
        }
    }

    private void sort(Host host, int level, int locality) {
        MetadataValue.Struct own = SubsetMetadata.of(host);
        SubsetMembers any = members.get(SubsetKey.ANY);
        if (any != null) {
            any.add(host, level, locality);
        }
        SubsetMembers ofDefault = members.get(SubsetKey.DEFAULT);
        if (ofDefault != null
                && SubsetMetadata.matches(own, spec.defaultSubset(), spec.listAsAny())) {
            ofDefault.add(host, level, locality);
        }
        for (SubsetSelector selector : spec.selectors()) {
            for (var values : SubsetMetadata.values(own, selector.keys(), spec.listAsAny())) {
                add(host, level, locality, new SubsetKey(selector.keys(), values), selector);
            }
        }
    }

    private void add(Host host, int level, int locality, SubsetKey key, SubsetSelector selector) {
        SubsetMembers own =
                members.computeIfAbsent(
                        key, none -> new SubsetMembers(whole, views, selector.singleHost()));
        if (own.singleHost() && !taken.add(key)) {
            duplicates++;
            return;
        }
        own.add(host, level, locality);
    }
}
