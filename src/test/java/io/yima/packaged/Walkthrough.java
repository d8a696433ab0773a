package io.yima.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The walkthrough of a README: commands, each followed by what it is said to print. */
record Walkthrough(List<Step> steps) {

  /** Where the output of a step ends; its number follows. */
  static final String END_OF_STEP = "@@ end of step ";

  private static final Pattern PART =
      Pattern.compile("<!-- walkthrough.*?-->(.*?)<!-- end of walkthrough -->", Pattern.DOTALL);
  private static final Pattern BLOCK = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
  private static final String PRINTS = "# → ";

  /** Some lines for the shell, and fragments of what they print. */
  record Step(String commands, List<String> prints) {}

  static Walkthrough of(Path readme) throws IOException {
    var part = PART.matcher(Files.readString(readme));
    if (!part.find()) {
      throw new AssertionError(readme + " has no walkthrough");
    }
    List<Step> steps = new ArrayList<>();
    BLOCK.matcher(part.group(1)).results().forEach(block -> addSteps(block.group(1), steps));
    return new Walkthrough(steps);
  }

  private static void addSteps(String block, List<Step> steps) {
    StringBuilder commands = new StringBuilder();
    for (String line : block.lines().toList()) {
      if (line.startsWith(PRINTS)) {
        steps.add(
            new Step(
                commands.toString(), List.of(line.substring(PRINTS.length()).split(" … ", -1))));
        commands.setLength(0);
      } else {
        commands.append(line).append('\n');
      }
    }
    if (!commands.toString().isBlank()) {
      steps.add(new Step(commands.toString(), List.of()));
    }
  }

  /** What a reader types, with a line after each step that tells where its output ends. */
  String script() {
    StringBuilder script = new StringBuilder("set -e\n");
    for (int i = 0; i < steps.size(); i++) {
      script.append(steps.get(i).commands());
      script.append("echo '").append(END_OF_STEP).append(i).append("'\n");
    }
    return script.toString();
  }
}
