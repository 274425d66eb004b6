package dev.attache.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes a piece for each resource, and a whole turn of the loop for each piece. */
public final class SlowWatcher implements ResourceWatcher {

    private final ManualLoop loop;
    public final List<String> heard = new ArrayList<>();
    public UpdateOutcome answer = UpdateOutcome.ACCEPTED;

    public SlowWatcher(ManualLoop loop) {
        this.loop = loop;
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        return takeState(resources, version).finish();
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeState(changed, version).finish();
    }

    @Override
    public Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeState(changed, version);
    }

    @Override
    public Takeover takeState(List<XdsResource> resources, String version) {
        List<XdsResource> left = new ArrayList<>(resources);
        return () -> {
            loop.spend(Duration.ofSeconds(1));
            if (left.isEmpty()) {
                heard.add("all");
                return answer;
            }
            heard.add(left.removeFirst().name());
            return null;
        };
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        heard.add(reason + " " + detail);
    }
}
