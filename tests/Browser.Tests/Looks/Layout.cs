using System.Text.Json;
using Microsoft.Playwright;

namespace Opinion.Browser.Looks;

/// <summary>What can be measured of a page's looks. Each check gives what is wrong in words, nothing where all is well.</summary>
public static class Layout
{
    /// <summary>One heading of the first order, a title, a language, and a label with words on every field.</summary>
    public static Task<string[]> StructureAsync(IPage page) => ProblemsAsync(page,
        """
        () => {
          const wrong = [];
          const heads = document.querySelectorAll('h1');
          if (heads.length !== 1 || !heads[0].textContent.trim()) wrong.push(`${heads.length} h1`);
          if (!document.title.trim() || document.title.trim().startsWith('·')) wrong.push(`title "${document.title}"`);
          if (!document.documentElement.lang) wrong.push('no lang');
          for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
            const words = [...field.labels].map(label => label.textContent.trim()).join('');
            if (!words) wrong.push(`no label: ${field.outerHTML.slice(0, 80)}`);
          }
          return wrong;
        }
        """);

    /// <summary>No sideways scrolling, nothing reaching out of the page, and no two things to click on top of each other.</summary>
    public static Task<string[]> FitAsync(IPage page) => ProblemsAsync(page,
        """
        () => {
          const wrong = [], root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            wrong.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
            for (const element of document.querySelectorAll('main *, header *, footer *'))
              if (element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest('.table')) { wrong.push(`reaches out: ${element.outerHTML.slice(0, 100)}`); break; }
          }
          const shown = [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
            .filter(element => !element.classList.contains('skip') && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
            .map(element => ({ element, boxes: [...element.getClientRects()].filter(box => box.width > 0 && box.height > 0) }));
          for (let i = 0; i < shown.length; i++)
            for (let k = i + 1; k < shown.length; k++) {
              const [a, b] = [shown[i], shown[k]];
              if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
              if (a.boxes.some(p => b.boxes.some(q => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1)))
                wrong.push(`overlap: ${a.element.outerHTML.slice(0, 80)} / ${b.element.outerHTML.slice(0, 80)}`);
            }
          return wrong;
        }
        """);

    private static async Task<string[]> ProblemsAsync(IPage page, string script) =>
        (await page.EvaluateAsync<JsonElement>(script)).EnumerateArray().Select(problem => problem.GetString()!).ToArray();
}
