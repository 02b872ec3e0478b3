package dev.cloche.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what this machine can do, and how to add what it cannot. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "What this machine can do, and how to add the rest; exit code 1 if the server could not run here.")
final class DoctorCommand implements Callable<Integer> {
    private final Cloche cloche;

    DoctorCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() {
        List<MachineCheck.Finding> findings = new MachineCheck(
                cloche.data(), cloche.configuration().integer("port", 3000, 0, 65535), cloche.configuration().text("databases.outbound", "")).findings();
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode list = tree.putArray("findings");
        findings.forEach(one -> list.addPOJO(Map.of("about", one.about(), "state", one.state().label(), "found", one.found(), "advice", one.advice())));
        cloche.table(tree, List.of("", "WHAT", "FOUND", "TO ADD IT"), findings.stream()
                .map(one -> List.of(one.state().label(), one.about(), one.found(), one.advice())).toList());
        boolean broken = findings.stream().anyMatch(one -> one.state() == MachineCheck.State.MISSING);
        return (broken ? ExitStatus.FAILED : ExitStatus.OK).code();
    }
}
