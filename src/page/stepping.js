// Steps through sequence diagrams, copies lines, and hides the rules that hold. Without it, a page shows all it has.
(() => {
  /** @param {HTMLElement} figure */
  function makeStepper(figure) {
    const stepper = figure.querySelector('.stepper');
    const steps = [...figure.querySelectorAll('.step')];
    const body = stepper?.querySelector('tbody');
    const where = stepper?.querySelector('.where');
    if (!stepper || !body || !where || steps.length === 0) return;
    const difference = Number(figure.dataset.at);
    const buttons = stepper.querySelectorAll('button');
    let at = difference;

    function go(to) {
      steps[at]?.removeAttribute('aria-current');
      at = Math.max(0, Math.min(steps.length - 1, to));
      const step = steps[at];
      step.setAttribute('aria-current', 'step');
      where.textContent = `Event ${at + 1} of ${steps.length}. ${step.querySelector('.sr').textContent}`;
      const rows = JSON.parse(step.dataset.standing).map(standing);
      body.replaceChildren(...(rows.length > 0 ? rows : [row(['nobody yet', '', '', ''])]));
      // A button that is disabled loses the focus, and with it whoever goes by the keyboard.
      const ends = { first: at === 0, back: at === 0, on: at === steps.length - 1, difference: at === difference };
      for (const button of buttons) button.setAttribute('aria-disabled', String(ends[button.dataset.go]));
    }

    function standing({ object, token, partner, connected, stopped }) {
      const told = [connected ? `connected to ${connected}` : '', stopped ? 'stopped' : ''].filter(Boolean).join(', ');
      return row([object, token ?? '–', partner ?? '–', told || '–']);
    }

    const moves = { first: () => 0, back: () => at - 1, on: () => at + 1, difference: () => difference };
    for (const button of buttons) {
      button.addEventListener('click', () => go(moves[button.dataset.go]()));
    }
    stepper.addEventListener('keydown', (event) => {
      const move = { ArrowLeft: 'back', ArrowRight: 'on', Home: 'first' }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      go(moves[move]());
    });
    for (const [number, step] of steps.entries()) step.addEventListener('click', () => go(number));
    stepper.hidden = false;
    go(at);
  }

  /** @param {readonly string[]} texts */
  function row(texts) {
    const line = document.createElement('tr');
    line.append(
      ...texts.map((text, column) => {
        const cell = document.createElement(column === 0 ? 'th' : 'td');
        if (column === 0) cell.scope = 'row';
        cell.textContent = text;
        return cell;
      }),
    );
    return line;
  }

  for (const figure of document.querySelectorAll('.sequence')) makeStepper(figure);

  for (const button of document.querySelectorAll('button.copy')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const line = button.parentElement.querySelector('code');
      try {
        await navigator.clipboard.writeText(line.textContent);
        button.textContent = 'Copied';
        setTimeout(() => {
          button.textContent = 'Copy';
        }, 1500);
      } catch {
        // Without a clipboard, the line is selected for whoever copies it by hand.
        getSelection().selectAllChildren(line);
      }
    });
  }

  for (const box of document.querySelectorAll('input.only-wrong')) {
    box.closest('label').hidden = false;
    box.addEventListener('change', () => {
      for (const line of document.querySelectorAll('tr.quiet-rule')) line.hidden = box.checked;
    });
  }
})();
