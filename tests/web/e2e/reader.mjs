// What the checks do without a mouse: read the accessibility tree, move the focus, press keys.
import assert from "node:assert";
import { Driver, until } from "./driver.mjs";

export const kMostTabs = 100;
const kControls = ["button", "checkbox", "combobox", "image", "img", "option", "radio", "slider", "tab", "textbox"];

export const controlsOf = (tree) => tree.filter(({ role }) => kControls.includes(role));

export class Reader extends Driver {
  device = "cpu";  // which does not change while the page is used

  // What assistive technology is given: [{ role, name, value, focusable }].
  async tree() {
    const session = await this.page.context().newCDPSession(this.page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    await session.detach();
    return nodes.filter(({ ignored }) => !ignored).map(({ role, name, value, properties = [] }) => ({
      role: role.value, name: name?.value ?? "", value: value?.value,
      focusable: properties.some((each) => each.name === "focusable" && each.value.value),
    }));
  }

  async expectNodes(wanted) {
    let missing;
    await until(async () => {
      const there = new Set((await this.tree()).map(({ role, name }) => `${role} ${name}`));
      missing = wanted.filter((each) => !there.has(each));
      return missing.length === 0;
    }).catch(async () => assert.fail(`not in the accessibility tree: ${missing}; there: ${JSON.stringify(
      controlsOf(await this.tree()).map(({ role, name }) => `${role} ${name}`))}`));
  }

  // What has the focus: "button Resample".
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: { tagName, type, role, ariaLabel } } = document;
      const native = { BUTTON: "button", INPUT: type === "range" ? "slider" : "textbox", BODY: "body" }[tagName];
      return `${role ?? native} ${ariaLabel ?? ""}`.trim();
    });
  }

  async tabTo(wanted) {
    const seen = [];
    for (let i = 0; i < kMostTabs; ++i) {
      const now = await this.focused();
      if (now === wanted) return;
      seen.push(now);
      await this.page.keyboard.press("Tab");
      await this.page.waitForTimeout(30);  // the page may scroll
    }
    assert.fail(`Tab does not reach ${wanted}, but ${seen.join(", ")}`);
  }

  async expectFocus(wanted) {
    await until(async () => await this.focused() === wanted)
      .catch(async () => assert.fail(`the focus is on ${await this.focused()}, not on ${wanted}`));
  }

  async keys(...names) {
    for (const name of names) await this.page.keyboard.press(name);
  }
}
