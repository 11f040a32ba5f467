# SPDX-License-Identifier: Apache-2.0
"""Office packages: the least that is valid, by script and zip; LibreOffice's own where it is installed."""
import os
from xml.sax.saxutils import escape

from wrapping.archives import read
from wrapping.people import FIELDS, PEOPLE, TEXT
from wrapping.row import Row, Wrapped, tool

LINES = TEXT.splitlines()
CELLS = [FIELDS] + [person.row() for person in PEOPLE]
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SCHEMAS = 'http://schemas.openxmlformats.org/'
RELATION = SCHEMAS + 'officeDocument/2006/relationships'
OPEN_XML, ODF = 'application/vnd.openxmlformats-officedocument.', 'application/vnd.oasis.opendocument.'
FAMILIES = {'docx': 'wordprocessingml.document', 'xlsx': 'spreadsheetml.sheet', 'pptx': 'presentationml.presentation'}
# What a slide says of its shapes before the first text.
SHAPE = ('<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
         '<p:sp><p:nvSpPr><p:cNvPr id="2" name="text"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>')
MAIN_PARTS = {'docx': 'word/document.xml', 'xlsx': 'xl/workbook.xml', 'pptx': 'ppt/presentation.xml'}


def packed(folder, name, kind, parts):
    """A package of `parts`, path -> text, in this order."""
    tree = os.path.join(folder, 'tree')
    for path, text in parts.items():
        os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
        with open(os.path.join(tree, path), 'w', encoding='utf-8') as out:
            out.write(text)
    # A part called mimetype stands first and is stored, so that its text is at a fixed place.
    tool('zip', '-q', '-X', '-n', 'mimetype', os.path.join('..', name), *parts, folder=tree)
    return Wrapped(read(folder, name), name, kind)


def relations(*pairs):
    """A part of relationships rId1, rId2, ... each (type, target)."""
    inside = ''.join(f'<Relationship Id="rId{i}" Type="{RELATION}/{kind}" Target="{target}"/>'
                     for i, (kind, target) in enumerate(pairs, 1))
    return f'{XML}<Relationships xmlns="{SCHEMAS}package/2006/relationships">{inside}</Relationships>'


def open_xml(folder, suffix, parts):
    family, main = FAMILIES[suffix], MAIN_PARTS[suffix]
    types = (f'{XML}<Types xmlns="{SCHEMAS}package/2006/content-types">'
             '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
             '<Default Extension="xml" ContentType="application/xml"/>'
             f'<Override PartName="/{main}" ContentType="{OPEN_XML}{family}.main+xml"/></Types>')
    return packed(folder, f'people.{suffix}', OPEN_XML + family, {
        '[Content_Types].xml': types,
        '_rels/.rels': relations(('officeDocument', main))
    } | parts)


def docx(folder, cut=0):
    """`cut`: a word processor breaks what was edited into runs; here after so many characters."""
    def paragraph(line):
        runs = [line[i:i + cut] for i in range(0, len(line), cut)] if cut else [line]
        return '<w:p>' + ''.join('<w:r><w:rPr><w:lang w:val="en-GB"/></w:rPr>'
                                 f'<w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in runs) + '</w:p>'

    body = ''.join(map(paragraph, LINES))
    return open_xml(
        folder, 'docx', {
            'word/document.xml': f'{XML}<w:document xmlns:w="{SCHEMAS}wordprocessingml/2006/main">'
            f'<w:body>{body}</w:body></w:document>'
        })


def xlsx(folder, shared):
    """Texts in a table of shared strings, as spreadsheets write, or in the cells, as libraries do; the card a number."""
    strings = []

    def cell(text):
        if shared:
            strings.append(f'<si><t>{escape(text)}</t></si>')
            return f'<c t="s"><v>{len(strings) - 1}</v></c>'
        return f'<c><v>{text}</v></c>' if text.isdigit() else f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'

    sheet = ''.join(f'<row r="{i}">{"".join(map(cell, row))}</row>' for i, row in enumerate(CELLS, 1))
    space = f'xmlns="{SCHEMAS}spreadsheetml/2006/main"'
    parts = {
        'xl/workbook.xml': f'{XML}<workbook {space} xmlns:r="{RELATION}"><sheets>'
        '<sheet name="people" sheetId="1" r:id="rId1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': relations(('worksheet', 'worksheets/sheet1.xml'),
                                                ('sharedStrings', 'sharedStrings.xml')),
        'xl/worksheets/sheet1.xml': f'{XML}<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>'
    }
    if shared:
        parts['xl/sharedStrings.xml'] = f'{XML}<sst {space} count="{len(strings)}">{"".join(strings)}</sst>'
    return open_xml(folder, 'xlsx', parts)


def pptx(folder):
    space = f'xmlns:a="{SCHEMAS}drawingml/2006/main" xmlns:p="{SCHEMAS}presentationml/2006/main"'
    body = ''.join(f'<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>' for line in LINES)
    return open_xml(
        folder, 'pptx', {
            'ppt/presentation.xml': f'{XML}<p:presentation {space} xmlns:r="{RELATION}"><p:sldIdLst>'
            '<p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>',
            'ppt/_rels/presentation.xml.rels': relations(('slide', 'slides/slide1.xml')),
            'ppt/slides/slide1.xml': f'{XML}<p:sld {space}><p:cSld><p:spTree>{SHAPE}<p:txBody><a:bodyPr/>{body}'
            '</p:txBody></p:sp></p:spTree></p:cSld></p:sld>'
        })


def odf(folder, suffix):
    def paragraph(text):
        return f'<text:p>{escape(text)}</text:p>'

    def row(cells):
        inside = ''.join(f'<table:table-cell office:value-type="string">{paragraph(c)}</table:table-cell>'
                         for c in cells)
        return f'<table:table-row>{inside}</table:table-row>'

    if suffix == 'odt':
        kind, body = ODF + 'text', f'<office:text>{"".join(map(paragraph, LINES))}</office:text>'
    else:
        kind = ODF + 'spreadsheet'
        body = f'<office:spreadsheet><table:table>{"".join(map(row, CELLS))}</table:table></office:spreadsheet>'
    space = 'urn:oasis:names:tc:opendocument:xmlns:'
    spaces = ' '.join(f'xmlns:{name}="{space}{name}:1.0"' for name in ('office', 'text', 'table'))
    return packed(
        folder, f'people.{suffix}', kind, {
            'mimetype': kind,
            'META-INF/manifest.xml': f'{XML}<manifest:manifest xmlns:manifest="{space}manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
            'content.xml': f'{XML}<office:document-content {spaces} office:version="1.2"><office:body>{body}'
            '</office:body></office:document-content>'
        })


def libreoffice(suffix, source):
    """The real office converts a text, or a table. Of texts in cells: of numbers it keeps fifteen digits."""
    def make(folder):
        if source == 'txt':
            with open(os.path.join(folder, 'people.txt'), 'w', encoding='ascii') as out:
                out.write(TEXT)
        else:
            odf(folder, 'ods')
        made = os.path.join(folder, 'made')
        tool('soffice', f'-env:UserInstallation=file://{folder}/profile', '--headless', '--convert-to', suffix,
             '--outdir', made, f'people.{source}', folder=folder)
        return Wrapped(read(made, f'people.{suffix}'), f'people.{suffix}')

    return make


ROWS = [
    Row('docx (by script)', docx, ('zip',)),
    Row('docx, values in pieces', lambda folder: docx(folder, 5), ('zip',)),
    Row('xlsx, shared strings', lambda folder: xlsx(folder, True), ('zip',)),
    Row('xlsx, strings and numbers in cells', lambda folder: xlsx(folder, False), ('zip',)),
    Row('pptx (by script)', pptx, ('zip',)),
    Row('odt (by script)', lambda folder: odf(folder, 'odt'), ('zip',)),
    Row('ods (by script)', lambda folder: odf(folder, 'ods'), ('zip',)),
    *(Row(f'{suffix} (LibreOffice)', libreoffice(suffix, 'txt'), ('soffice',)) for suffix in ('docx', 'odt', 'pdf')),
    *(Row(f'{suffix} (LibreOffice)', libreoffice(suffix, 'ods'), ('soffice',)) for suffix in ('xlsx', 'ods')),
]
