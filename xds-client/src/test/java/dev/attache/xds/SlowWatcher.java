package dev.attache.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes a piece for each resource, and a whole turn of the loop for each piece. */
public final class SlowWatcher extends NotingWatcher {

    private final ManualLoop loop;
    public UpdateOutcome answer = UpdateOutcome.ACCEPTED;

    public SlowWatcher(ManualLoop loop) {
        this.loop = loop;
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
}
